// A bank's API Pix that behaves as the Banco Central's specification 2.9.0 says, traps included; and Efí's, which shows money sent as well.
import { DAY_MS, parseDay } from "../../src/kernel/time.ts";
import type { ManualClock } from "../../src/kernel/clock.ts";
import type { Instant } from "../../src/kernel/time.ts";
import type { FakeAnswer, FakeRequest } from "./fake-server.ts";

export const CLIENT_ID = "Client_Id_0042_abcdef";
export const CLIENT_SECRET = "Client_Secret_0042_ghijkl";

interface FakeCob {
  kind: "cob" | "cobv";
  txid: string;
  status: string;
  created: Instant;
  body: Record<string, unknown>;
}

interface FakeReturn {
  id: string;
  valor: string;
  status: string;
}

export interface FakePix {
  endToEndId: string;
  txid: string | null;
  cents: number;
  at: Instant;
  sent: boolean;
  returns: FakeReturn[];
}

const decimal = (cents: number): string => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
const centsOf = (text: string): number => Number(text.replace(".", ""));
const iso = (at: Instant): string => new Date(at).toISOString();

export class FakePixBank {
  readonly cobs: FakeCob[] = [];
  readonly pix: FakePix[] = [];
  readonly tokens = new Map<string, Instant>();
  webhookUrl: string | null = null;
  skipsMtls = false;
  /** Longest period of a list; longer ones are refused, as some banks do. */
  windowDays = 5;
  readonly #clock: ManualClock;
  readonly #efi: boolean;
  #count = 0;

  constructor(clock: ManualClock, efi: boolean) {
    this.#clock = clock;
    this.#efi = efi;
  }

  handle(request: FakeRequest): FakeAnswer {
    if (request.path.endsWith("/oauth/token")) return this.#token(request);
    const token = (request.headers.authorization ?? "").replace("Bearer ", "");
    if ((this.tokens.get(token) ?? 0) <= this.#clock.now()) return this.#problem(401, "AcessoNegado", "token inválido");
    const path = request.path.replace(/^\/v2/u, "").replace(/^\/api\/v2/u, "");
    const [, head = "", ...rest] = path.split("/");
    if (head === "cob" || head === "cobv") return this.#charge(head, rest[0] ?? "", request);
    if (head === "pix" && rest.length === 0) return this.#list(request.query);
    if (head === "pix" && rest[1] === "devolucao") return this.#return(rest[0] ?? "", rest[2] ?? "", request);
    if (head === "pix") return this.#onePix(rest[0] ?? "");
    if (head === "webhook") return this.#webhook(request);
    return this.#problem(404, "NaoEncontrado", "rota");
  }

  /** Somebody pays: with a txid or without; or we pay somebody. */
  add(cents: number, txid: string | null, sent = false): FakePix {
    this.#count += 1;
    const at = this.#clock.now();
    const minute = iso(at).replace(/[-:T]/gu, "").slice(0, 12);
    const endToEndId = `E${this.#efi ? "09089356" : "12345678"}${minute}${String(this.#count).padStart(11, "0")}`;
    const pix: FakePix = { endToEndId, txid, cents, at, sent, returns: [] };
    this.pix.push(pix);
    const cob = this.cobs.find((one) => one.txid === txid);
    if (cob) cob.status = "CONCLUIDA";
    return pix;
  }

  /** As it stands in answers and in webhooks. */
  write(pix: FakePix): Record<string, unknown> {
    const base = { endToEndId: pix.endToEndId, chave: "chave@example.com", valor: decimal(pix.cents), horario: iso(pix.at) };
    if (pix.sent) return { ...base, tipo: "SOLICITACAO", status: "REALIZADO", gnExtras: { idEnvio: "1" } };
    return {
      ...base,
      ...(pix.txid === null ? {} : { txid: pix.txid }),
      infoPagador: "pagando o pix",
      ...(pix.returns.length === 0
        ? {}
        : { devolucoes: pix.returns.map((one) => ({ ...one, rtrId: `D${one.id}`, horario: { solicitacao: iso(pix.at) } })) }),
    };
  }

  #token({ headers, body }: FakeRequest): FakeAnswer {
    const basic = Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString("base64");
    const grant: unknown = this.#efi
      ? (JSON.parse(body) as { grant_type?: string }).grant_type
      : new URLSearchParams(body).get("grant_type");
    if (headers.authorization !== `Basic ${basic}` || grant !== "client_credentials") {
      return { code: 401, body: { error: "invalid_client", error_description: `Invalid or inactive credentials ${CLIENT_ID}` } };
    }
    const token = `token-${this.tokens.size + 1}-${"x".repeat(20)}`;
    this.tokens.set(token, this.#clock.now() + 3_600_000);
    return { code: 200, body: { access_token: token, token_type: "Bearer", expires_in: 3600, scope: "cob.read" } };
  }

  #charge(kind: "cob" | "cobv", txid: string, { method, body, query }: FakeRequest): FakeAnswer {
    if (!/^[a-zA-Z0-9]{26,35}$/u.test(txid)) return this.#problem(400, "RequisicaoInvalida", "cob.txid não respeita o schema");
    void query;
    const cob = this.cobs.find((one) => one.txid === txid && one.kind === kind);
    if (method === "GET")
      return cob ? { code: 200, body: this.#writeCob(cob) } : this.#problem(404, "CobNaoEncontrado", "Cobrança não encontrada");
    const given = JSON.parse(body) as Record<string, unknown>;
    if (method === "PATCH") {
      if (!cob) return this.#problem(404, "CobNaoEncontrado", "Cobrança não encontrada");
      if (cob.status !== "ATIVA") return this.#problem(400, "CobOperacaoInvalida", "A cobrança não está ATIVA");
      cob.status = String(given.status);
      return { code: 200, body: this.#writeCob(cob) };
    }
    if (cob && cob.status !== "ATIVA") return this.#problem(400, "CobOperacaoInvalida", "A cobrança já existe, não está no status ATIVA");
    const wrong = this.#violation(kind, given);
    if (wrong !== null) return this.#problem(400, "CobOperacaoInvalida", wrong);
    if (cob) cob.body = given;
    const made = cob ?? { kind, txid, status: "ATIVA", created: this.#clock.now(), body: given };
    if (!cob) this.cobs.push(made);
    return { code: 201, body: this.#writeCob(made) };
  }

  #violation(kind: "cob" | "cobv", given: Record<string, unknown>): string | null {
    const { original } = given.valor as { original: string };
    if (!/^\d{1,10}\.\d{2}$/u.test(original) || original === "0.00") return "O campo valor.original não respeita o schema";
    if (typeof given.chave !== "string") return "O campo chave não respeita o schema";
    const calendar = given.calendario as { dataDeVencimento?: string; expiracao?: number };
    if (kind === "cob") return (calendar.expiracao ?? 0) > 0 ? null : "calendario.expiracao é igual ou menor que zero";
    const payer = given.devedor as { cpf?: string; cnpj?: string; nome?: string } | undefined;
    if (!payer?.nome || (payer.cpf === undefined) === (payer.cnpj === undefined)) return "O objeto devedor não respeita o schema";
    const due = parseDay(calendar.dataDeVencimento ?? "1970-01-01");
    return due < Math.floor((this.#clock.now() - 3 * 3_600_000) / DAY_MS) ? "dataDeVencimento é anterior à data de criação" : null;
  }

  #writeCob({ kind, txid, status, created, body }: FakeCob): object {
    const received = this.pix.filter((pix) => pix.txid === txid).map((pix) => this.write(pix));
    const calendar = { criacao: iso(created), ...(body.calendario as object) };
    const location = `pix.example.com/qr/v2/${kind}/${txid}`;
    const text = `00020101021226${location.length + 22}0014br.gov.bcb.pix25${location.length}${location}5204000053039865802BR6304ABCD`;
    return {
      ...body,
      calendario: calendar,
      txid,
      revisao: 0,
      status,
      location,
      pixCopiaECola: text,
      ...(received.length === 0 ? {} : { pix: received }),
    };
  }

  #list(query: URLSearchParams): FakeAnswer {
    const [from, to] = [Date.parse(query.get("inicio") ?? ""), Date.parse(query.get("fim") ?? "")];
    if (Number.isNaN(from) || Number.isNaN(to) || to < from)
      return this.#problem(400, "PixConsultaInvalida", "inicio e fim são obrigatórios");
    if (to - from > this.windowDays * DAY_MS) return this.#problem(400, "PixConsultaInvalida", `período maior que ${this.windowDays} dias`);
    const page = Number(query.get("paginacao.paginaAtual") ?? 0);
    const size = Number(query.get("paginacao.itensPorPagina") ?? 100);
    const matching = this.pix
      .filter((pix) => (this.#efi || !pix.sent) && pix.at >= from && pix.at <= to)
      .filter((pix) => query.get("devolucaoPresente") !== "true" || pix.returns.length > 0);
    const paginacao = {
      paginaAtual: page,
      itensPorPagina: size,
      quantidadeDePaginas: Math.max(1, Math.ceil(matching.length / size)),
      quantidadeTotalDeItens: matching.length,
    };
    return {
      code: 200,
      body: {
        parametros: { inicio: iso(from), fim: iso(to), paginacao },
        pix: matching.slice(page * size, (page + 1) * size).map((pix) => this.write(pix)),
      },
    };
  }

  #onePix(id: string): FakeAnswer {
    const pix = this.pix.find((one) => one.endToEndId === id && (this.#efi || !one.sent));
    return pix ? { code: 200, body: this.write(pix) } : this.#problem(404, "PixNaoEncontrado", "Pix não encontrado");
  }

  #return(e2eid: string, id: string, { method, body }: FakeRequest): FakeAnswer {
    const pix = this.pix.find((one) => one.endToEndId === e2eid && !one.sent);
    const known = pix?.returns.find((one) => one.id === id);
    if (method === "GET")
      return known ? { code: 200, body: known } : this.#problem(404, "PixDevolucaoNaoEncontrada", "Devolução não encontrada");
    if (!pix) return this.#problem(404, "PixNaoEncontrado", "Pix não encontrado");
    if (known) return this.#problem(400, "PixDevolucaoInvalida", "{id} já utilizado por outra requisição de devolução");
    const { valor } = JSON.parse(body) as { valor: string };
    const before = pix.returns.reduce((sum, one) => sum + centsOf(one.valor), 0);
    if (before + centsOf(valor) > pix.cents) return this.#problem(400, "PixDevolucaoInvalida", "excederia o valor do pix originário");
    if (this.#clock.now() - pix.at > 90 * DAY_MS) return this.#problem(400, "PixDevolucaoInvalida", "viola a janela de tempo permitida");
    const made = { id, valor, status: "DEVOLVIDO" };
    pix.returns.push(made);
    return { code: 201, body: made };
  }

  #webhook({ body, headers }: FakeRequest): FakeAnswer {
    this.webhookUrl = (JSON.parse(body) as { webhookUrl: string }).webhookUrl;
    this.skipsMtls = headers["x-skip-mtls-checking"] === "true";
    return { code: this.#efi ? 201 : 200, body: { webhookUrl: this.webhookUrl } };
  }

  #problem(code: number, type: string, detail: string): FakeAnswer {
    if (this.#efi) return { code, body: { nome: type, mensagem: detail } };
    const body = { type: `https://pix.bcb.gov.br/api/v2/error/${type}`, title: type, status: code, detail };
    return { code, type: "application/problem+json", body };
  }
}

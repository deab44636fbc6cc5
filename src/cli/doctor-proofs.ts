// The doctor's checks of what payment proofs are read with: the programs that may be missing and the virus scanner, with what works without.
import type { ProofTools } from "../engine/submit-claim.ts";
import { deadline } from "../kernel/clock.ts";
import { note, ok, person, type Check, type Say } from "./doctor-report.ts";

const ASK_MS = 10_000;

/** `accepted`: by the policy. What nobody uses is not asked for. */
export async function proofChecks({ reader, scan }: Pick<ProofTools, "reader" | "scan">, accepted: boolean, say: Say): Promise<Check[]> {
  if (!accepted)
    return [
      ok(
        "proofs",
        say("Payment proofs are switched off by the policy (claims.accept)", "Comprovantes desligados pela política (claims.accept)"),
      ),
    ];
  const missing = await reader.lacks({ signal: deadline(ASK_MS) });
  const found = [
    ...(missing.includes("pdftoppm") ? [pagesNote(say)] : []),
    ...(missing.includes("tesseract") || missing.includes("tesseract_por") ? [lettersNote(missing.includes("tesseract"), say)] : []),
  ];
  const reading =
    found.length === 0
      ? [
          ok(
            "proofs",
            say("Payment proofs: pages are drawn and letters recognised", "Comprovantes: páginas são desenhadas e letras reconhecidas"),
          ),
        ]
      : found;
  return [...reading, await scanCheck(scan, say)];
}

function pagesNote(say: Say): Check {
  return note(
    "proofs",
    say(
      "pdftoppm is not installed: of PDF proofs the text is read, and codes that are drawn in them are not; staff see no picture of them. Photos and screenshots are read as ever.",
      "O pdftoppm não está instalado: dos comprovantes em PDF lê-se o texto, e não os códigos desenhados neles; a equipe não vê a imagem deles. Fotos e capturas de tela são lidas como sempre.",
    ),
    say(
      "Install poppler-utils (Debian, Ubuntu: apt install poppler-utils).",
      "Instale poppler-utils (Debian, Ubuntu: apt install poppler-utils).",
    ),
  );
}

function lettersNote(all: boolean, say: Say): Check {
  return note(
    "proofs",
    say(
      `${all ? "tesseract is not installed" : "tesseract has no Portuguese (por)"}: of photos and screenshots the QR and bar codes are read, and letters are not. PDFs with text and mails are read as ever.`,
      `${all ? "O tesseract não está instalado" : "O tesseract não tem o português (por)"}: de fotos e capturas de tela leem-se os códigos QR e de barras, e não as letras. PDFs com texto e e-mails são lidos como sempre.`,
    ),
    say(
      `Install ${all ? "tesseract-ocr and " : ""}tesseract-ocr-por (Debian, Ubuntu: apt install ${all ? "tesseract-ocr " : ""}tesseract-ocr-por).`,
      `Instale ${all ? "tesseract-ocr e " : ""}tesseract-ocr-por (Debian, Ubuntu: apt install ${all ? "tesseract-ocr " : ""}tesseract-ocr-por).`,
    ),
  );
}

async function scanCheck(scan: ProofTools["scan"], say: Say): Promise<Check> {
  if (!scan)
    return note(
      "virus_scan",
      say(
        "No virus scanner is set up: payment proofs are opened apart and under limits all the same, and never shown as they were sent.",
        "Nenhum antivírus configurado: mesmo assim os comprovantes são abertos à parte e com limites, e nunca mostrados como foram enviados.",
      ),
      say(
        "Name ClamAV in the configuration: clamav: { path: /run/clamav/clamd.ctl }",
        "Indique o ClamAV na configuração: clamav: { path: /run/clamav/clamd.ctl }",
      ),
    );
  const outcome = await scan.test({ signal: deadline(ASK_MS) });
  if (outcome.outcome === "done")
    return ok("virus_scan", say(`Virus scanner: ${outcome.value.detail}`, `Antivírus: ${outcome.value.detail}`));
  return person(
    "virus_scan",
    say(
      `The virus scanner of the configuration does not answer (${outcome.reason}). Payment proofs are taken without it meanwhile.`,
      `O antivírus da configuração não responde (${outcome.reason}). Enquanto isso, comprovantes são aceitos sem ele.`,
    ),
    say(
      "See that clamd runs, and that Régua's user may use its socket.",
      "Veja se o clamd está rodando e se o usuário da Régua pode usar o socket dele.",
    ),
  );
}

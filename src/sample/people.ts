// Sixty customers of "Hospedagem Exemplo": who they are, what they have, and how they pay. All names are invented.

/** How a customer behaves; see `habits.ts`. */
export type Habit =
  | "faithful" // pays before the due date
  | "forgetful" // on time, but for one month
  | "late" // waits for the reminder
  | "last_day" // pays on the last tolerated day
  | "keeper" // asks for time, and keeps it
  | "breaker" // asks for time, and breaks it
  | "weekend" // asks to stay up over the weekend, then leaves
  | "forger" // sends a proof that the bank does not know
  | "disputer"
  | "partial"
  | "double" // pays twice by mistake
  | "silent" // never pays, never answers
  | "newcomer";

export interface Person {
  ref: string;
  name: string;
  domain: string;
  plan: string;
  priceCents: number;
  /** Day of the month on which invoices fall due. */
  dueDay: number;
  habit: Habit;
  /** Years as a customer; a newcomer counts days. */
  tenureDays: number;
  lang: "pt-BR" | "en";
}

const PLANS: readonly (readonly [string, number])[] = [
  ["start", 1990],
  ["plus", 2990],
  ["plus", 2990],
  ["pro", 5990],
  ["revenda", 9990],
];

/** Names by habit; the order gives the customer numbers. */
const NAMES: readonly (readonly [Habit, readonly string[]])[] = [
  [
    "faithful",
    [
      "Padaria Central",
      "Livraria do Largo",
      "Clínica Boa Vista",
      "Ateliê Flor de Sal",
      "Contabilidade Marques",
      "Escola Pingo de Gente",
      "Oficina do Bairro",
      "Pousada Mar Calmo",
      "Advocacia Nunes",
      "Mercado São Jorge",
      "Estúdio Quatro Cantos",
      "Floricultura Jasmim",
      "Dra. Helena Prado",
      "Farmácia do Povo",
      "Cervejaria Três Rios",
      "Academia Corpo Leve",
      "Imobiliária Horizonte",
      "Café da Serra",
      "Instituto Semear",
      "Papelaria Arco-Íris",
      "Transportes Veloso",
      "Marcenaria Jatobá",
      "Restaurante Dona Rosa",
      "Fotografia Luz Clara",
    ],
  ],
  [
    "forgetful",
    [
      "Ótica Visão Nova",
      "Pet Shop Amigo Fiel",
      "Bicicletaria Pedal",
      "Confeitaria Doce Lar",
      "Chaveiro 24 Horas",
      "Loja da Vila",
      "Pizzaria Bela Massa",
    ],
  ],
  ["late", ["Auto Peças Ferreira", "Gráfica Rápida", "Móveis Planejados Lima", "Salão Bela Dona", "Distribuidora Sul", "Studio Fit"]],
  ["last_day", ["Construtora Alicerce", "Eventos e Festas", "Rádio Comunitária", "Vidraçaria Cristal", "Brechó Vai e Vem"]],
  ["keeper", ["Sítio Recanto", "Escola de Música Dó Ré Mi", "Lavanderia Espuma"]],
  ["breaker", ["Celulares e Cia", "Turismo Já"]],
  ["weekend", ["Promo Flash", "Festa na Laje Ingressos"]],
  ["forger", ["Importados Premium"]],
  ["disputer", ["Consultoria Ágil"]],
  ["partial", ["Cooperativa Bom Fruto"]],
  ["double", ["Associação dos Moradores"]],
  ["silent", ["Blog Abandonado", "Loja Fechada"]],
  ["newcomer", ["Doces da Lu", "Podcast Meia-Noite", "Barbearia Navalha", "Atelier Nova Onda", "Harbour Design Studio"]],
];

const DUE_DAYS = [5, 10, 15, 20, 25];

export const PEOPLE: readonly Person[] = NAMES.flatMap(([habit, names]) => names.map((name) => ({ habit, name }))).map(
  ({ habit, name }, i): Person => {
    const [plan, priceCents] = PLANS[i % PLANS.length] as readonly [string, number];
    const slug = name
      .normalize("NFD")
      .replace(/[^a-zA-Z0-9 ]/gu, "")
      .trim()
      .replace(/ +/gu, "-")
      .toLowerCase();
    return {
      ref: `C${1001 + i}`,
      name,
      domain: `${slug}.example`,
      plan,
      priceCents,
      // The two who try the weekend fall due so that the suspension comes before one.
      dueDay: DUE_DAYS[i % DUE_DAYS.length] as number,
      habit,
      tenureDays: habit === "newcomer" ? 20 + 3 * (i % 5) : 400 + ((i * 137) % 2200),
      lang: name === "Harbour Design Studio" ? "en" : "pt-BR",
    };
  },
);

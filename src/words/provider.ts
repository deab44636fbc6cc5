// Who writes to the customer: the supplier's identity and how to pay it, as every message carries them.
import type { Lang } from "../kernel/lang.ts";

/**
 * The provider as its customers see it. Name, address and CPF/CNPJ stand on every collection message
 * (Código de Defesa do Consumidor, art. 42-A).
 */
export interface Provider {
  /** The name customers know. */
  name: string;
  /** The registered name; the same as `name` where there is no other. */
  legalName: string;
  /** CPF or CNPJ, written with its dots; another country's tax number as it is. */
  taxId: string;
  /** Postal address in one line. */
  address: string;
  /** Where an answer reaches a person. */
  email: string;
  phone: string | null;
  site: string | null;
  lang: Lang;
  /** Lines that tell how to pay: a Pix key, the portal's address. */
  payment: Readonly<Record<Lang, readonly string[]>>;
  /** Where to send a payment proof; null where proofs are not accepted. */
  proof: Readonly<Record<Lang, string>> | null;
  /** Where Pix is received: codes with the amount and a number of their own are made for it. Absent or null: none are made. */
  pix?: { key: string; city: string } | null;
  /** The portal's public address, without a slash at its end; null or absent: messages do not name it. */
  portal?: string | null;
  /** A rehearsal: nothing leaves, and every text says so. */
  sandbox: boolean;
}

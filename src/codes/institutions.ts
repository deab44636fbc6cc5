// The larger payment institutions by ISPB and by bank number: for a name beside a code, never for a verdict.
// Checked in November 2026 against guibranco/BancosBrasileiros of 2026-08-22 (public domain), made from the Banco Central's list of
// STR participants. Not the whole list: an institution that is missing here is merely one that we do not name.

export interface Institution {
  /** Eight digits: the beginning of the CNPJ, except for Banco do Brasil. */
  ispb: string;
  /** The three digits on a boleto (COMPE). */
  bank: string;
  name: string;
}

const TABLE = `
00000000 001 Banco do Brasil
00000208 070 BRB
00360305 104 Caixa Econômica Federal
00416968 077 Banco Inter
01027058 362 Cielo
01181521 748 Sicredi
02038232 756 Sicoob
04902979 003 Banco da Amazônia
07237373 004 Banco do Nordeste
07679404 082 Banco Topázio
08561701 290 PagSeguro
09089356 364 Efí
10398952 133 Cresol
10573521 323 Mercado Pago
13009717 047 Banese
13370835 301 Dock
13935893 509 Celcoin
16501555 197 Stone
17184037 389 Banco Mercantil
17351180 634 Tribanco
18189547 542 CloudWalk
18236120 260 Nubank
19540550 461 Asaas
20855875 536 Neon
22896431 380 PicPay
28127603 021 Banestes
30306294 208 BTG Pactual
31872495 336 C6 Bank
33479023 745 Citibank
37880206 403 Cora
54403563 213 Banco Arbi
58160789 422 Banco Safra
59588111 655 Banco Votorantim
60701190 341 Itaú
60746948 237 Bradesco
61186680 318 Banco BMG
62232889 707 Banco Daycoval
68900810 633 Banco Rendimento
90400888 033 Santander
92702067 041 Banrisul
92894922 212 Banco Original
`;

const INSTITUTIONS: readonly Institution[] = TABLE.trim()
  .split("\n")
  .map((line) => ({ ispb: line.slice(0, 8), bank: line.slice(9, 12), name: line.slice(13) }));
const BY_ISPB = new Map(INSTITUTIONS.map((each) => [each.ispb, each]));
const BY_BANK = new Map(INSTITUTIONS.map((each) => [each.bank, each]));

/** Null when we do not name it: neutral. */
export function institutionOf(ispb: string): Institution | null {
  return BY_ISPB.get(ispb) ?? null;
}

/** By the three digits of a boleto; null when we do not name it. */
export function bankOf(bank: string): Institution | null {
  return BY_BANK.get(bank) ?? null;
}

// The columns of each bank's return file, as its manual numbers them, and the occurrences by which that bank says that a slip was paid.
import type { Slot } from "./slots.ts";
import type { Money } from "./title.ts";

/** Where a layout keeps the parts of a title. A part it does not have is left out. */
export interface Layout extends Money {
  name: string;
  /** First letter of its detail records (CNAB 400). */
  record: string;
  agency: Slot;
  account: Slot;
  ourNumber: Slot;
  wallet: Slot;
  occurrence: Slot;
  occurredOn: Slot;
  documentNumber: Slot;
  dueOn: Slot;
  amount: Slot;
  receivingBank: Slot;
  fee: Slot;
  otherCosts?: Slot;
  tax?: Slot | undefined;
  rebate: Slot;
  discount: Slot;
  paid: Slot;
  interest: Slot;
  otherCredits?: Slot | undefined;
  creditedOn: Slot;
  /** The credit's date is written year first. */
  creditYearFirst?: true;
  payerName?: Slot;
  payerTaxId?: Slot;
}

/** Columns 109 to 292, which nearly all banks' 400 layouts share. */
const COMMON = {
  record: "1",
  wallet: [108, 108],
  occurrence: [109, 110],
  occurredOn: [111, 116],
  documentNumber: [117, 126],
  dueOn: [147, 152],
  amount: [153, 165],
  receivingBank: [166, 168],
  fee: [176, 188],
  tax: [215, 227],
  rebate: [228, 240],
  discount: [241, 253],
  paid: [254, 266],
  interest: [267, 279],
  otherCredits: [280, 292],
  creditedOn: [296, 301],
} as const satisfies Partial<Layout>;

const ITAU: Layout = {
  ...COMMON,
  name: "Itaú 400",
  agency: [18, 21],
  account: [24, 29],
  ourNumber: [63, 70],
  payerName: [325, 354],
  paidBy: ["06", "07", "08"],
  net: true,
};

/** In Banco do Brasil's and Sicoob's files the credit's date stands before a fee of seven digits. */
const CREDIT_BEFORE_FEE = { creditedOn: [176, 181], fee: [182, 188] } as const;

/** By the bank's number in the file's header. */
export const LAYOUTS_400: Readonly<Record<string, Layout>> = {
  "001": {
    ...COMMON,
    ...CREDIT_BEFORE_FEE,
    name: "Banco do Brasil 400 (CBR643)",
    record: "7",
    agency: [18, 22],
    account: [23, 31],
    ourNumber: [64, 80],
    wallet: [107, 108],
    otherCosts: [189, 201],
    paidBy: ["05", "06", "07", "08", "15"],
  },
  "004": {
    ...COMMON,
    name: "Banco do Nordeste 400",
    agency: [18, 21],
    account: [24, 31],
    ourNumber: [63, 70],
    creditedOn: [111, 116],
    paidBy: ["06", "07", "08"],
    // Columns 280 onwards hold the reasons.
    otherCredits: undefined,
    tax: undefined,
  },
  "033": { ...ITAU, name: "Santander 400", paidBy: ["06", "07", "08"] },
  "041": { ...COMMON, name: "Banrisul 400", agency: [18, 21], account: [22, 30], ourNumber: [63, 72], paidBy: ["06"] },
  "070": {
    record: "1",
    name: "BRB 400",
    agency: [2, 1],
    account: [21, 37],
    ourNumber: [71, 82],
    wallet: [108, 108],
    occurrence: [109, 110],
    occurredOn: [111, 118],
    documentNumber: [119, 128],
    dueOn: [149, 156],
    amount: [157, 169],
    receivingBank: [170, 172],
    fee: [180, 192],
    tax: [219, 231],
    rebate: [232, 244],
    discount: [245, 257],
    paid: [258, 270],
    interest: [271, 283],
    creditedOn: [300, 307],
    paidBy: ["05", "06"],
  },
  "237": {
    ...COMMON,
    name: "Bradesco 400",
    agency: [25, 29],
    account: [30, 37],
    ourNumber: [71, 82],
    wallet: [22, 24],
    otherCosts: [189, 201],
    paidBy: ["06", "15", "17"],
  },
  "341": ITAU,
  "748": {
    ...COMMON,
    name: "Sicredi 400",
    agency: [15, 19],
    account: [20, 24],
    ourNumber: [48, 62],
    wallet: [14, 14],
    tax: undefined,
    creditedOn: [329, 336],
    creditYearFirst: true,
    otherCosts: [189, 201],
    paidBy: ["06", "15", "17"],
  },
  "756": {
    ...COMMON,
    ...CREDIT_BEFORE_FEE,
    name: "Sicoob 400",
    agency: [18, 22],
    account: [23, 31],
    ourNumber: [63, 74],
    wallet: [108, 108],
    documentNumber: [117, 132],
    otherCosts: [189, 201],
    payerTaxId: [343, 356],
    paidBy: ["05", "06", "15"],
  },
};

/** Segment T of CNAB 240; segment U is the same at all banks. */
export interface SegmentT {
  agency: Slot;
  account: Slot;
  ourNumber: Slot;
  wallet: Slot;
  documentNumber: Slot;
  dueOn: Slot;
  amount: Slot;
  receivingBank: Slot;
  currency: Slot;
  payerKind: Slot;
  payerTaxId: Slot;
  payerName: Slot;
  fee: Slot;
}

/** FEBRABAN, layout of collection 240, segment T. */
const FEBRABAN: SegmentT = {
  agency: [18, 23],
  account: [24, 36],
  ourNumber: [38, 57],
  wallet: [58, 58],
  documentNumber: [59, 73],
  dueOn: [74, 81],
  amount: [82, 96],
  receivingBank: [97, 99],
  currency: [131, 132],
  payerKind: [133, 133],
  payerTaxId: [134, 148],
  payerName: [149, 188],
  fee: [199, 213],
};

export function segmentT(bank: string): SegmentT {
  return SEGMENTS_T[bank] ?? FEBRABAN;
}

const SEGMENTS_T: Readonly<Record<string, SegmentT>> = {
  "033": {
    agency: [18, 22],
    account: [23, 32],
    ourNumber: [41, 53],
    wallet: [54, 54],
    documentNumber: [55, 69],
    dueOn: [70, 77],
    amount: [78, 92],
    receivingBank: [93, 95],
    currency: [126, 127],
    payerKind: [128, 128],
    payerTaxId: [129, 143],
    payerName: [144, 183],
    fee: [194, 208],
  },
  "104": { ...FEBRABAN, account: [24, 29], ourNumber: [40, 56], documentNumber: [59, 69] },
};

/** FEBRABAN table C044: paid; paid after it was taken back, or a slip the bank did not know. */
export const PAID_240: Money = { paidBy: ["06", "17"] };

// What a language supplies about printed payment codes: names of their parts, and why one cannot be read.

/** Where a code is wrong: positions count from 1, as people count. */
export interface CodeFault {
  at: number;
  found: string;
  right: string;
  /** Which field, or how many digits. */
  number: number;
}

type Say = (fault: CodeFault) => string;

export interface CodeTexts {
  boleto: {
    title(bank: string): string;
    unknownBank: string;
    digitLine: string;
    barCode: string;
    amount: string;
    /** Under a currency digit that is not the real's. */
    otherUnit: string;
    due: string;
    freeField: string;
    payerTypes: string;
    noDate: string;
    dueSure(day: string, other: string): string;
    dueOpen(days: readonly string[], on: string): string;
    proves: string;
    problems: Readonly<Record<"character" | "long" | "length" | "field_check" | "general_check", Say>>;
  };
  bill: {
    /** `A bill of electricity or gas over R$ 10,00.` */
    what(segment: string, amount: string | null): string;
    right: string;
    wrong: string;
    /** By the second digit. */
    segments: Readonly<Record<string, string>>;
    otherSegment: string;
  };
  pix: {
    kinds: Readonly<Record<"static" | "dynamic" | "recurrence", string>>;
    keyKinds: Readonly<Record<"cpf" | "cnpj" | "email" | "phone" | "random", string>>;
    key: string;
    url: string;
    recurrence: string;
    amount: string;
    receiver: string;
    txid: string;
    noTxid: string;
    info: string;
    once: string;
    amountOpen: string;
    amountElsewhere: string;
    note: string;
    notes: Readonly<
      Record<
        | "key_unreadable"
        | "url_scheme"
        | "txid_form"
        | "name_long"
        | "city_long"
        | "letters"
        | "country"
        | "crc_one_byte"
        | "repeated"
        | "long",
        string
      >
    >;
    proves: string;
    changed(name: string, city: string): string;
    problems: Readonly<
      Record<
        | "not_br_code"
        | "long"
        | "tlv_id"
        | "tlv_length"
        | "tlv_short"
        | "crc_missing"
        | "crc"
        | "after_crc"
        | "not_pix"
        | "empty"
        | "currency"
        | "amount",
        Say
      >
    >;
  };
  endToEnd: {
    kinds: Readonly<Record<"payment" | "return", string>>;
    institution: string;
    unknownInstitution: string;
    time: string;
    dates: Readonly<Record<"plausible" | "ahead" | "before_pix", string | null>>;
    proves: string;
    problems: Readonly<Record<"length" | "prefix" | "ispb" | "date" | "letters", Say>>;
  };
}

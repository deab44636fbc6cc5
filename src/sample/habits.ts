// When each kind of customer pays, and what else they do. No chance is involved: the same sample every time.
import type { Cents } from "../kernel/money.ts";
import type { Day } from "../kernel/time.ts";
import type { Person } from "./people.ts";

export interface Payment {
  on: Day;
  amount: Cents;
}

/** What a customer does about one invoice; `month` counts their invoices in the sample. */
export function paymentsOf(person: Person, month: number, dueOn: Day, amount: Cents): Payment[] {
  const whole = (days: number): Payment[] => [{ on: dueOn + days, amount }];
  const spread = (Number(person.ref.slice(1)) + month) % 5;
  switch (person.habit) {
    case "faithful":
      return whole(-spread);
    case "forgetful":
      return whole(month === spread ? 4 : -1);
    case "late":
      return whole(3 + (spread % 2));
    case "last_day":
      return whole(5);
    case "keeper":
      return whole(month % 2 === 0 ? -2 : 9);
    case "breaker":
      return whole(month % 2 === 0 ? -1 : 19);
    case "weekend":
      return month === 0 ? whole(-1) : month === 1 ? whole(16) : [];
    case "forger":
      return month < 2 ? whole(0) : whole(21);
    case "disputer":
      return whole(month === 2 ? 24 : 0);
    case "partial":
      return [
        { on: dueOn, amount: Math.floor(amount / 2) },
        { on: dueOn + 6, amount: amount - Math.floor(amount / 2) },
      ];
    case "double":
      return month === 2 ? [...whole(-2), ...whole(-1)] : whole(-2);
    case "silent":
      return month === 0 ? whole(-1) : [];
    case "newcomer":
      return spread < 3 ? whole(-1) : [];
  }
}

/** Why they ask for time, in their words. */
export const REASONS: Partial<Record<Person["habit"], string>> = {
  keeper: "o cliente maior paga na semana que vem",
  breaker: "estou viajando, pago assim que voltar",
  weekend: "só até segunda-feira, por favor",
  newcomer: "ainda não recebi o boleto",
};

// What the customers' list keeps in its address.

export const FILTERS = ["all", "owing", "late", "suspended", "attention", "promised"] as const;
type Filter = (typeof FILTERS)[number];

export interface CustomersSearch {
  filter?: Filter;
  search?: string;
  daysFrom?: number;
  daysTo?: number;
}

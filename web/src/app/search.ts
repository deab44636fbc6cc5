// What lists keep in their addresses.

export const FILTERS = ["all", "owing", "late", "suspended", "attention", "promised"] as const;
type Filter = (typeof FILTERS)[number];

export interface CustomersSearch {
  filter?: Filter;
  search?: string;
  daysFrom?: number;
  daysTo?: number;
}

export const TALKS = ["all", "waiting", "strangers"] as const;
export type TalksShown = (typeof TALKS)[number];

export interface TalksSearch {
  id?: string | undefined;
  show?: TalksShown;
}

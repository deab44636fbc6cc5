// What the catalogue says of an error a user can meet.

export interface ErrorEntry {
  /** HTTP status of the service API. */
  http: number;
  /** Exit code of the program: 1 refused by a rule or bad input, 2 a fault. */
  exit: 1 | 2;
  /** What happened; `{name}` is filled from the details. */
  message: string;
  /** What the person does next. */
  cure: string;
}

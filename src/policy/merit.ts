// What a customer's own past says against more time: tenure, punctuality, promises broken, and what staff and the bank put on record.
import type { Day } from "../kernel/time.ts";
import { courtesyUsed, paidOnTime, type Refusal, type Scene } from "./eligibility.ts";

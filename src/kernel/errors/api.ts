// Errors of the service API.
import type { ErrorEntry } from "./entry.ts";

export const API_ERRORS = {
  field_invalid: {
    http: 422,
    exit: 1,
    message: "The field “{field}” cannot be used: {problem}.",
    cure: "Correct it and send the request again; nothing was changed.",
  },
  api_key_name_taken: {
    http: 409,
    exit: 1,
    message: "There is, or was, an API key named “{value}”.",
    cure: "Use another name: the evidence names who acted by it, so a name never passes to another key.",
  },
  api_key_unknown: {
    http: 404,
    exit: 1,
    message: "There is no valid API key named “{value}”.",
    cure: "`regua keys list` shows the keys.",
  },
  not_signed_in: {
    http: 401,
    exit: 1,
    message: "The request carries no valid API key.",
    cure: "Send `Authorization: Bearer rk_…` with a key made by `regua keys add NAME`; a revoked key is not valid any more.",
  },
  scope_missing: {
    http: 403,
    exit: 1,
    message: "The API key “{name}” may not {scope}.",
    cure: "Use a key with the scope {scope}: `regua keys add NAME --scopes read,write`.",
  },
  request_invalid: {
    http: 400,
    exit: 1,
    message: "The request cannot be used: {problems}",
    cure: "Correct the fields named; /openapi.json describes every one.",
  },
  request_too_large: {
    http: 413,
    exit: 1,
    message: "The request is larger than {limit} bytes.",
    cure: "Send it in several requests.",
  },
  media_type_unsupported: {
    http: 415,
    exit: 1,
    message: "The request's body is not JSON.",
    cure: "Send the body as JSON with `Content-Type: application/json`; only a payment proof may come as a form.",
  },
  route_unknown: {
    http: 404,
    exit: 1,
    message: "There is nothing at {method} {path}.",
    cure: "/openapi.json lists every route.",
  },
  too_many_requests: {
    http: 429,
    exit: 1,
    message: "Too many requests; the next is answered in {seconds} seconds.",
    cure: "Wait as long as Retry-After says. Receipts can be sent up to 500 in one request.",
  },
  idempotency_key_missing: {
    http: 400,
    exit: 1,
    message: "The request needs an Idempotency-Key header of 1 to 128 visible characters.",
    cure: "Make a new key (a UUID does) for each act, and send the same key when you send that request again.",
  },
  idempotency_key_reused: {
    http: 409,
    exit: 1,
    message: "This Idempotency-Key was sent before with another request.",
    cure: "Use a new key for a new act; send the same key only with the very same request.",
  },
  idempotency_in_flight: {
    http: 409,
    exit: 1,
    message: "A request with this Idempotency-Key is being carried out at this moment.",
    cure: "Send it again in a few seconds: the answer is then there.",
  },
  idempotency_answer_lost: {
    http: 409,
    exit: 1,
    message: "This request was carried out; the answer was lost when the program ended.",
    cure: "Do not send it with a new key. Read the customer: what the request asked for is there, and in the evidence.",
  },
  address_in_use: {
    http: 503,
    exit: 1,
    message: "{host}:{port} cannot be listened on: {why}.",
    cure: "Give another port with --port or PORT (0 takes a free one), or stop the program that has it.",
  },
  busy: {
    http: 503,
    exit: 2,
    message: "The database does not answer at the moment.",
    cure: "Send the request again in a few seconds, with the same Idempotency-Key. `regua doctor` looks for the cause.",
  },
  fault: {
    http: 500,
    exit: 2,
    message: "Something went wrong that should not; it is in the log under {request}.",
    cure: "Sending the request again with the same Idempotency-Key is safe. Report it with the output of `regua doctor`.",
  },
} as const satisfies Record<string, ErrorEntry>;

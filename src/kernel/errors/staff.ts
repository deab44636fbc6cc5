// Errors of signing in and of who may what in the console.
import type { ErrorEntry } from "./entry.ts";

export const STAFF_ERRORS = {
  session_missing: {
    http: 401,
    exit: 1,
    message: "Nobody is signed in, or the session has ended.",
    cure: "Sign in again; what was typed on the page is still there.",
  },
  credentials_wrong: {
    http: 401,
    exit: 1,
    message: "The e-mail address, password or code is not right.",
    cure: "Check them and try again. An owner can make a new one-time link: `regua staff invite`.",
  },
  origin_refused: {
    http: 403,
    exit: 1,
    message: "The request comes from another site.",
    cure: "Open the console itself and do it there. Behind a proxy, pass the Host and X-Forwarded-Proto headers on.",
  },
  role_missing: {
    http: 403,
    exit: 1,
    message: "The role “{role}” may not do this: {operation}.",
    cure: "Ask a colleague with one of these roles: {roles}.",
  },
  invite_not_valid: {
    http: 404,
    exit: 1,
    message: "This link was used, has expired, or never was.",
    cure: "Ask an owner for a new one, or make one on the server: `regua staff invite`.",
  },
  invite_of_another: {
    http: 409,
    exit: 1,
    message: "This link was made for {email}.",
    cure: "Come in with that address, or ask an owner for a link of your own.",
  },
  staff_exists: {
    http: 409,
    exit: 1,
    message: "There is already somebody with the address {email}.",
    cure: "Sign in with it, or use another address.",
  },
  staff_unknown: {
    http: 404,
    exit: 1,
    message: "There is nobody with the id {value}.",
    cure: "Settings, Team lists everybody.",
  },
  last_owner: {
    http: 409,
    exit: 1,
    message: "This would leave nobody with the role owner.",
    cure: "Make somebody else an owner first.",
  },
  password_weak: {
    http: 422,
    exit: 1,
    message: "The password is too short.",
    cure: "Use at least 12 characters: four words are easier to remember than eight signs.",
  },
  policy_of_oneself: {
    http: 409,
    exit: 1,
    message: "{by} wrote this policy; a second person must put it in force.",
    cure: "Ask another owner to activate it.",
  },
  view_unknown: {
    http: 404,
    exit: 1,
    message: "There is no saved view {value} of yours.",
    cure: "Load the customers' list again: it shows those there are.",
  },
  view_exists: {
    http: 409,
    exit: 1,
    message: "You have a view called “{name}” already.",
    cure: "Choose another name, or open that one and keep the filters there.",
  },
  views_full: {
    http: 409,
    exit: 1,
    message: "There are {count} saved views, as many as can be kept.",
    cure: "Delete one that is no longer used.",
  },
} as const satisfies Record<string, ErrorEntry>;

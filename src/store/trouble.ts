// Tells a database that is away from work that is wrong: the first passes by itself, whatever was asked of it.

/** Connection exceptions, others first again and again, out of room or connections, shutting down or starting up (PostgreSQL, appendix A). */
const CLASSES = new Set(["08", "40", "53", "57"]);
/** What the network says, where no server answered. */
const NETWORK = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOENT", "EHOSTUNREACH", "ENETUNREACH"]);
/** The driver's own words have no code (pg, client.js and pg-pool's index.js). */
const WORDS = /^(Connection terminated|Client (was closed|has encountered a connection error)|timeout exceeded when trying to connect)/u;

export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return CLASSES.has(code.slice(0, 2)) || NETWORK.has(code) || WORDS.test(error.message);
}

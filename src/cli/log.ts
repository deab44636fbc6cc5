// The server's log: one JSON line an event on stderr, without secrets and without personal data.
import pino, { type Logger } from "pino";
import type { Config } from "./config.ts";
import type { Host } from "./io.ts";

export function makeLog(host: Host, level: Config["log_level"]): Logger {
  return pino(
    {
      level,
      base: null,
      redact: { paths: ["*.authorization", "*.password", "*.secret", "*.connectionString", "headers", "body"], remove: true },
      serializers: { err: sayError },
    },
    { write: (line: string) => host.err(line.trimEnd()) },
  );
}

/** A database names the values it refused in `detail`: they are somebody's. */
function sayError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as { code?: unknown };
  return { name: error.name, message: error.message, ...(typeof code === "string" ? { code } : {}), stack: error.stack };
}

// Finds the port of the server on the loopback address.
import { createServer } from "node:net";
import { Bug } from "../../kernel/assert.ts";

/** Whether nothing listens on this port of 127.0.0.1. */
export async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== null;
}

/** A port of 127.0.0.1 that is free at this moment; another program may still be quicker. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === null) throw new Bug("the system gave no free port");
  return port;
}

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" || error.code === "EACCES" ? resolve(null) : reject(error),
    );
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === "object" ? address.port : null));
    });
  });
}

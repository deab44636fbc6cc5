// One HTTPS exchange with a panel: the certificate is checked before a word with a secret in it is written, and whether anything was sent is told.
import { request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import type { Socket } from "node:net";
import { connect } from "node:tls";
import type { TLSSocket } from "node:tls";
import { alike, inEach, ReguaError } from "../../kernel/errors.ts";

/** Where a panel is and how its certificate is believed. */
export interface PanelAddress {
  host: string;
  port: number;
  /** SHA-256 of the panel's certificate, for a self-signed panel: 64 hexadecimal digits, colons allowed. Absent: verified as the web does. */
  fingerprint?: string;
  /** PEM of a certificate authority of the provider's own. */
  ca?: string;
}

export interface PanelRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export interface PanelAnswer {
  http: number;
  /** The words beside the code: Proxmox VE says there what was wrong. */
  words: string;
  headers: IncomingHttpHeaders;
  text: string;
}

/** `kept`: no word was sent, so nothing can have happened. `lost`: sent, perhaps done, and no whole answer came. */
export type Exchanged = { end: "answered"; answer: PanelAnswer } | { end: "kept" | "lost"; words: string };

/** A list of ten thousand users is about 14 MB. */
const BODY_LIMIT = 64 * 1024 * 1024;

/**
 * Each call has a connection of its own: on a kept one nobody can tell a closed door from a lost answer.
 * Without a fingerprint the certificate must be one that the machine (or `ca`) vouches for; with one it must be exactly that one.
 */
export async function exchange(address: PanelAddress, asked: PanelRequest, signal: AbortSignal): Promise<Exchanged> {
  let socket: TLSSocket;
  try {
    socket = await openSocket(address, signal);
  } catch (error) {
    return { end: "kept", words: signal.aborted ? "no connection before the deadline" : wordsOf(error) };
  }
  try {
    return { end: "answered", answer: await converse(socket, address, asked, signal) };
  } catch (error) {
    return { end: "lost", words: signal.aborted ? "no answer before the deadline" : wordsOf(error) };
  } finally {
    socket.destroy();
  }
}

/** `AB:CD…` or `abcd…` as bare lower-case digits. */
const bareFingerprint = (fingerprint: string): string => fingerprint.replace(/[:\s]/gu, "").toLowerCase();

/** @throws ReguaError `panel_option_invalid` */
export function checkAddress({ host, fingerprint }: PanelAddress): void {
  if (!/^[A-Za-z0-9.:_-]+$/u.test(host))
    throw wrongOption(
      "host",
      "it must be a host name or an address, without https://",
      "deve ser um nome de máquina ou um endereço, sem https://",
    );
  if (fingerprint !== undefined && !/^[0-9a-f]{64}$/u.test(bareFingerprint(fingerprint)))
    throw wrongOption(
      "fingerprint",
      "it must be the 64 hexadecimal digits of a SHA-256 fingerprint",
      "devem ser os 64 dígitos hexadecimais de uma impressão digital SHA-256",
    );
}

/** A setting of a panel that cannot be right; refused when the panel is opened, before anything is sent. */
export const wrongOption = (field: string, en: string, ptBR: string): ReguaError =>
  new ReguaError("panel_option_invalid", { field, problem: inEach(en, ptBR) });

/** A setting that must say something and says nothing. */
export const emptyOption = (field: string): ReguaError => wrongOption(field, "it is empty", "está vazio");

/** A file that a setting names and that cannot be read; the system's own words say why. */
export const unreadOption = (field: string, error: unknown): ReguaError =>
  new ReguaError("panel_option_invalid", { field, problem: alike(error instanceof Error ? error.message : String(error)) });

/**
 * The SHA-256 of the certificate that stands at an address, and whether the machine vouches for it. Nothing is sent to it: a person
 * compares the digits with what the panel's own machine says before they are pinned.
 */
export async function lookAtCertificate(
  address: Pick<PanelAddress, "host" | "port">,
  signal: AbortSignal,
): Promise<{ fingerprint: string; trusted: boolean }> {
  const socket = await openSocket(address, signal, false);
  try {
    return { fingerprint: bareFingerprint(socket.getPeerCertificate().fingerprint256), trusted: socket.authorized };
  } finally {
    socket.destroy();
  }
}

/** A TLS connection whose certificate has been checked. */
function openSocket(address: PanelAddress, signal: AbortSignal, verify = address.fingerprint === undefined): Promise<TLSSocket> {
  const { host, port, fingerprint, ca } = address;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({
      host,
      port,
      ...(isIP(host) ? {} : { servername: host }),
      ...(ca === undefined ? {} : { ca }),
      // A pinned certificate is its own proof: it is compared below, before anything is sent.
      rejectUnauthorized: verify,
    });
    const settle = (act: () => void): void => {
      signal.removeEventListener("abort", onAbort);
      socket.removeListener("error", onError);
      act();
    };
    const onError = (error: Error): void =>
      settle(() => {
        socket.destroy();
        reject(error);
      });
    const onAbort = (): void => onError(new Error("deadline"));
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("error", onError);
    socket.once("secureConnect", () => {
      const seen = bareFingerprint(socket.getPeerCertificate().fingerprint256);
      if (fingerprint !== undefined && seen !== bareFingerprint(fingerprint))
        onError(new Error(`the panel shows another certificate than the pinned one (SHA-256 ${seen})`));
      else settle(() => resolve(socket));
    });
  });
}

function converse(socket: Socket, address: PanelAddress, asked: PanelRequest, signal: AbortSignal): Promise<PanelAnswer> {
  const { method, path, headers, body } = asked;
  return new Promise((resolve, reject) => {
    const outgoing = request({
      method,
      path,
      headers: {
        host: address.host,
        ...headers,
        ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
        connection: "close",
      },
      createConnection: () => socket,
      signal,
    });
    outgoing.once("error", reject);
    outgoing.once("response", (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > BODY_LIMIT) incoming.destroy(new Error("the answer is longer than 64 MB"));
        else chunks.push(chunk);
      });
      incoming.once("error", reject);
      incoming.once("end", () =>
        resolve({
          http: incoming.statusCode ?? 0,
          words: incoming.statusMessage ?? "",
          headers: incoming.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    outgoing.end(body);
  });
}

/** An error's own words; an attempt on several addresses has none, only a code. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}

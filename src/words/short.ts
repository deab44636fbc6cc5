// A message for channels that carry a few lines: what it is about, where it is settled, and who writes (CDC, art. 42-A).
import { cut, oneLine } from "./clean.ts";
import { LINK_MARK, portalAddress } from "./portal.ts";
import type { Provider } from "./provider.ts";

const LINE_MAX = 200;
const SUBJECT_MAX = 160;

/** `token`: of the portal's link; empty where there is none. */
export function shortText(subject: string, token: string, provider: Provider): string {
  const { name, legalName, taxId, address, portal } = provider;
  const link = portal && token !== "" ? portalAddress(portal).replaceAll(LINK_MARK, () => token) : provider.site;
  const who = name === legalName ? name : `${name} (${legalName})`;
  const lines = [
    cut(oneLine(subject, SUBJECT_MAX), SUBJECT_MAX),
    link ?? "",
    `${who}, ${taxId}`,
    address,
    provider.sandbox ? "[ensaio / rehearsal]" : "",
  ];
  return lines
    .map((line, i) => (i === 1 ? line : oneLine(line, LINE_MAX)))
    .filter((line) => line !== "")
    .join("\n");
}

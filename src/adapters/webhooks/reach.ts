// Which addresses webhooks may go to: the public internet, or in the sandbox this machine alone.
import { BlockList, isIP } from "node:net";

/** `public`: nothing of ours or of the network we stand in. `loopback`: this machine only, for trying things out. */
export type Reach = "public" | "loopback";

/**
 * What is not the public internet: IANA's special-purpose registries (RFC 6890 and its updates, IPv4 and IPv6), multicast, and what is reserved.
 * Cloud machines keep their credentials at 169.254.169.254 and fd00:ec2::254; both are in here.
 */
const PRIVATE: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

/** Of IPv6 only 2000::/3 is handed out; in it these lead elsewhere or hold an IPv4 address that nobody has judged. */
const ODD: readonly (readonly [string, number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
];

const closed = new BlockList();
for (const [net, bits] of PRIVATE) closed.addSubnet(net, bits, "ipv4");
for (const [net, bits] of ODD) closed.addSubnet(net, bits, "ipv6");
const handedOut = new BlockList();
handedOut.addSubnet("2000::", 3, "ipv6");
const own = new BlockList();
own.addSubnet("127.0.0.0", 8, "ipv4");
own.addAddress("::1", "ipv6");

/** Whether an address, as a resolver or a URL gives it, is within reach. IPv4 written as IPv6 is judged as what it is, and refused in public. */
export function withinReach(address: string, reach: Reach): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  if (reach === "loopback") return own.check(address, type);
  return family === 4 ? !closed.check(address, type) : handedOut.check(address, type) && !closed.check(address, type);
}

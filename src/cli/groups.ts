// The commands in their groups: a call loads the one group it names, since all of them together are 2,400 files and cost a second.
import type { Command } from "commander";
import type { Run } from "./tools.ts";

export interface CommandGroup {
  /** The commands it adds to the program, as a person types them. */
  names: readonly string[];
  load(): Promise<(program: Command, run: Run) => void>;
}

/** In the order of `regua --help`. */
export const GROUPS: readonly CommandGroup[] = [
  { names: ["init"], load: async () => (await import("./init.ts")).initCommands },
  { names: ["start", "serve"], load: async () => (await import("./serve.ts")).serveCommands },
  { names: ["keys"], load: async () => (await import("./keys.ts")).keysCommands },
  { names: ["config"], load: async () => (await import("./config-check.ts")).configCommands },
  { names: ["doctor"], load: async () => (await import("./doctor.ts")).doctorCommands },
  { names: ["policy"], load: async () => (await import("./policy.ts")).policyCommands },
  { names: ["import"], load: async () => (await import("./import.ts")).importCommands },
  { names: ["customers", "show", "explain", "rehearse"], load: async () => (await import("./read.ts")).readCommands },
  { names: ["run", "pay", "promise", "hold", "release-hold", "terminations"], load: async () => (await import("./acts.ts")).actCommands },
  { names: ["evidence"], load: async () => (await import("./evidence.ts")).evidenceCommands },
  { names: ["sandbox"], load: async () => (await import("./sandbox.ts")).sandboxCommands },
  { names: ["db"], load: async () => (await import("./database.ts")).databaseCommands },
  { names: ["bench"], load: async () => (await import("./bench.ts")).benchCommand },
  { names: ["boleto"], load: async () => (await import("./boleto-command.ts")).boletoCommands },
  { names: ["pix"], load: async () => (await import("./pix-command.ts")).pixCommands },
  { names: ["statement", "cnab"], load: async () => (await import("./statement-command.ts")).statementCommands },
  { names: ["gateways"], load: async () => (await import("./gateways-command.ts")).gatewayCommands },
  { names: ["charge"], load: async () => (await import("./charge-command.ts")).chargeCommand },
  { names: ["panels"], load: async () => (await import("./panels-command.ts")).panelCommands },
  { names: ["link"], load: async () => (await import("./link-command.ts")).linkCommand },
  { names: ["reconcile"], load: async () => (await import("./reconcile-command.ts")).reconcileCommand },
  { names: ["money"], load: async () => (await import("./money-command.ts")).moneyCommands },
  { names: ["claim"], load: async () => (await import("./claim-command.ts")).claimCommands },
  {
    names: ["portal", "terms", "inbox", "answer", "backup"],
    load: async () => (await import("./portal-command.ts")).portalCommands,
  },
  { names: ["staff"], load: async () => (await import("./staff-command.ts")).staffCommands },
  { names: ["whmcs"], load: async () => (await import("./whmcs-command.ts")).whmcsCommands },
  { names: ["mail"], load: async () => (await import("./mail-command.ts")).mailCommands },
  { names: ["webhooks"], load: async () => (await import("./webhooks-command.ts")).webhooksCommands },
];

/** The groups that a call needs: the one it names; all of them where it names none, as for help and for a word mistyped. */
export function groupsFor(name: string | undefined): readonly CommandGroup[] {
  const named = GROUPS.filter((group) => name !== undefined && group.names.includes(name));
  return named.length > 0 ? named : GROUPS;
}

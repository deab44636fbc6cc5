// The sandbox's payment gateway over the installation's database, paid to the provider of the sandbox.
import { readPixKey } from "../codes/pix-key.ts";
import { SandboxGateway } from "../adapters/gateways/sandbox/gateway.ts";
import type { SandboxCharge, SandboxCharges } from "../adapters/gateways/sandbox/charges.ts";
import type { Identity } from "../engine/setting.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Json } from "../kernel/hash.ts";
import type { Database } from "../store/database.ts";
import type { ProviderRow } from "../store/provider.ts";
import {
  readSandboxCharge,
  sandboxChargesOf,
  sandboxChargesSince,
  writeSandboxCharge,
  type SandboxChargeRow,
} from "../store/sandbox-charges.ts";

/** The name of the sandbox's gateway, in receipts and in evidence. */
export const SANDBOX = "sandbox";

/** Of the sample's provider. A code names a city of the receiver's; of another one only the payer's bank would know better. */
const CITY = "Sao Paulo";

export function sandboxGateway(database: Database, provider: ProviderRow, clock: Clock): SandboxGateway {
  const identity = provider.identity as Partial<Identity>;
  const name = identity.name ?? "Sandbox";
  return new SandboxGateway({ charges: databaseCharges(database), receiver: { pixKey: pixKeyOf(identity), name, city: CITY }, clock });
}

/** The key that the messages tell people to pay, else the provider's address. */
function pixKeyOf({ payment, email }: Partial<Identity>): string {
  const lines = Object.values(payment ?? {}).flat();
  const keys = [...lines.flatMap((line) => line.match(/[\w.+-]+@[\w.-]+\w/gu) ?? []), email ?? ""];
  return keys.find((key) => readPixKey(key) !== null) ?? "sandbox@example.com";
}

function databaseCharges({ db }: Database): SandboxCharges {
  const chargeOf = ({ revision, state }: SandboxChargeRow): SandboxCharge => ({ ...(state as Omit<SandboxCharge, "revision">), revision });
  return {
    read: async (chargeId) => {
      const row = await readSandboxCharge(db, chargeId);
      return row && chargeOf(row);
    },
    of: async (invoiceRef) => (await sandboxChargesOf(db, invoiceRef)).map(chargeOf),
    write: (charge) => writeSandboxCharge(db, charge.chargeId, { ...charge } as unknown as Json),
    changedSince: async (revision, limit) => (await sandboxChargesSince(db, revision, limit)).map(chargeOf),
  };
}

// claim submit | list | show | decide | picture | bar | unbar: payment proofs taken in, looked at and decided; none of them is money.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import { switchClaims } from "../engine/bar-claims.ts";
import { viewClaim, type ClaimShown } from "../engine/claim-view.ts";
import { decideClaim, type ClaimVerdict } from "../engine/end-claim.ts";
import { claimPicture, listClaims, showClaim } from "../engine/read-claims.ts";
import { submitClaim } from "../engine/submit-claim.ts";
import { ReguaError } from "../kernel/errors.ts";
import { fileWhy } from "./file-why.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { claimList, claimPage, switchedLine } from "./claim-page.ts";
import { following, tell } from "./follow.ts";
import { forMachines } from "./json.ts";
import { wrap } from "./table.ts";
import type { Run, Tools } from "./tools.ts";

const VERDICTS: readonly ClaimVerdict[] = ["confirmed", "contradicted", "refused"];

export function claimCommands(program: Command, run: Run): void {
  const claims = program
    .command("claim")
    .description("Payment proofs: a proof is a claim, never a payment. Only money that is seen settles an invoice.");
  claims
    .command("submit <customer> <invoice> <file>")
    .description("Take a payment proof: PDF, JPEG, PNG, or the bank's mail (.eml). By policy access comes back while the bank confirms.")
    .addHelpText("after", "\nExample:\n  regua claim submit 1042 7781 comprovante.pdf")
    .action(
      run((tools, customer: string, invoice: string, file: string) => tools.withApp((app) => submit(tools, app, customer, invoice, file))),
    );
  claims
    .command("list")
    .description("The proofs under review, those that wait for a person first.")
    .option("--customer <ref>", "all proofs of one customer, the newest first")
    .addHelpText("after", "\nExample:\n  regua claim list --customer 1042")
    .action(run((tools, options: { customer?: string }) => tools.withApp((app) => list(tools, app, options))));
  claims
    .command("show <id>")
    .description("One proof on one page: what was read, each check, the customer's payments, and what to tell the customer.")
    .addHelpText("after", "\nExample:\n  regua claim show 73004")
    .action(run((tools, id: string) => tools.withApp((app) => show(tools, app, numberOf(id)))));
  claims
    .command("decide <id>")
    .argument("<end>", "confirmed, contradicted or refused", verdictOf)
    .description("End a review. Confirming books no money; contradicting takes a release back.")
    .addOption(new Option("--reason <text>", "why; it stands in the evidence").makeOptionMandatory())
    .addHelpText("after", '\nExample:\n  regua --actor ana claim decide 73004 contradicted --reason "The bank knows no such Pix"')
    .action(
      run((tools, id: string, end: ClaimVerdict, options: { reason: string }) =>
        tools.withApp((app) => decide(tools, app, { claimId: numberOf(id), end, reason: options.reason })),
      ),
    );
  claims
    .command("picture <id> <file>")
    .description("Write the first page as a picture, drawn anew from the file that was sent.")
    .addHelpText("after", "\nExample:\n  regua claim picture 73004 page.png")
    .action(run((tools, id: string, file: string) => tools.withApp((app) => picture(tools, app, numberOf(id), file))));
  switchCommands(claims, run);
}

function switchCommands(claims: Command, run: Run): void {
  for (const accept of [false, true])
    claims
      .command(accept ? "unbar <customer>" : "bar <customer>")
      .description(
        accept
          ? "Take payment proofs from a customer again."
          : "Take no more payment proofs from a customer; those under review go on. For all customers, or a segment: the policy.",
      )
      .requiredOption("--reason <text>", "in words; written in the evidence")
      .addHelpText(
        "after",
        `\nExample:\n  regua --actor ana claim ${accept ? 'unbar 1042 --reason "the account was taken over, and is theirs again"' : 'bar 1042 --reason "three altered proofs this month"'}`,
      )
      .action(
        run((tools, customer: string, { reason }: { reason: string }) =>
          tools.withApp(async (app) => {
            const done = await switchClaims(app.engine, { customer, accept, reason, by: tools.io.actor });
            tools.io.result({ customer, accept, ...done }, () => switchedLine(customer, accept, tools.io.lang));
          }),
        ),
      );
}

function verdictOf(text: string): ClaimVerdict {
  const found = VERDICTS.find((each) => each === text);
  if (!found) throw new InvalidArgumentError(`Give one of ${VERDICTS.join(", ")}.`);
  return found;
}

function numberOf(text: string): number {
  if (!/^\d{1,15}$/u.test(text)) throw new ReguaError("claim_not_known", { value: text });
  return Number(text);
}

/** Larger files are refused by the reader; a disk's worth is not read into memory to learn that. */
function bytesOf({ io }: Tools, file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(resolve(io.host.cwd, file)));
  } catch (error) {
    throw new ReguaError("file_unreadable", { file, why: fileWhy(error) });
  }
}

async function submit(tools: Tools, app: App, customer: string, invoice: string, file: string): Promise<void> {
  const { io } = tools;
  const bytes = bytesOf(tools, file);
  const { done, after } = await following(app, customer, (engine) =>
    submitClaim(engine, app.proofs(), { customer, invoice, bytes, by: io.actor }),
  );
  const { claim } = await pageOf(app, done.claimId);
  tell({ io }, app, after, { claim }, () => wrap(claim.message[io.lang], ""));
}

async function list({ io }: Tools, app: App, { customer }: { customer?: string }): Promise<void> {
  const zone = app.engine.settings.zone(app.provider.timeZone);
  const claims = (await listClaims(app.engine, customer ?? null)).map((row) => viewClaim(row, zone));
  io.result({ claims }, () => [banner(app), ...claimList(claims, customer !== undefined, io.lang)].join("\n"));
}

type Page = Omit<Awaited<ReturnType<typeof showClaim>>, "claim"> & { claim: ClaimShown };

async function pageOf(app: App, id: number): Promise<Page> {
  const { claim, ...beside } = await showClaim(app.engine, id);
  return { claim: viewClaim(claim, app.engine.settings.zone(app.provider.timeZone)), ...beside };
}

async function show({ io }: Tools, app: App, id: number): Promise<void> {
  const { claim, receipts, waiting } = await pageOf(app, id);
  io.result({ claim, receipts: forMachines(receipts), waiting: forMachines(waiting) }, () =>
    [banner(app), ...claimPage(claim, { receipts, waiting }, io.lang)].join("\n"),
  );
}

async function decide({ io }: Tools, app: App, ask: { claimId: number; end: ClaimVerdict; reason: string }): Promise<void> {
  const { claim: before } = await pageOf(app, ask.claimId);
  const { after } = await following(app, before.customer, (engine) => decideClaim(engine, { ...ask, by: io.actor }));
  const { claim } = await pageOf(app, ask.claimId);
  tell({ io }, app, after, { claim }, () => wrap(claim.message[io.lang], ""));
}

async function picture({ io }: Tools, app: App, id: number, file: string): Promise<void> {
  const { type, bytes } = await claimPicture(app.engine, app.proofs().files, id);
  const target = resolve(io.host.cwd, file);
  try {
    // For its owner's eyes: it shows somebody's bank account.
    writeFileSync(target, bytes, { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw new ReguaError("file_unwritable", { file: target, why: fileWhy(error) }, { cause: error });
  }
  io.result({ claim: id, file: target, type, bytes: bytes.length }, () => target);
}

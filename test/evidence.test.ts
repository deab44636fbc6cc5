// The evidence room on a real database: a bundle that proves itself, and every change to it, or under it, found and named.
import { createHash } from "node:crypto";
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { anchorDay } from "../src/engine/anchor-day.ts";
import { exportBundle } from "../src/evidence/bundle.ts";
import type { Finding } from "../src/evidence/finding.ts";
import { TAIL_BYTES, writeBundle, type Bundle } from "../src/evidence/format.ts";
import { sayReport } from "../src/evidence/say.ts";
import { aStory, aWholeHistory, zone, type Story } from "../src/evidence/testing/story.ts";
import { verifyBundle } from "../src/evidence/verify.ts";
import { verifyDatabase } from "../src/evidence/verify-database.ts";
import { chain, genesis } from "../src/kernel/chain.ts";
import { sha256, type Json } from "../src/kernel/hash.ts";
import { formatDay } from "../src/kernel/time.ts";
import { openDatabase, type Database } from "../src/store/database.ts";
import { anchorHash, leafOf, Tree } from "../src/kernel/anchors.ts";
import { APP_ROLE } from "../src/store/migrate.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";

const bytesOf = (bundle: Bundle): Buffer => Buffer.from(writeBundle(bundle), "utf8");
/** A bundle with something changed, sealed again by who changed it. */
function resealed(bundle: Bundle, change: (copy: Bundle) => void): Buffer {
  const copy = structuredClone(bundle);
  change(copy);
  return bytesOf(copy);
}
const codes = (findings: readonly Finding[]): string[] => [...new Set(findings.map((finding) => finding.code))];
const entriesNamed = (findings: readonly Finding[]): number[] =>
  findings.flatMap((f) => (/^entry_|^hash_list/u.test(f.code) && "entry" in f && f.entry ? [f.entry.seq] : []));

describe("one customer's bundle", () => {
  let base: TestDatabase;
  let story: Story;
  let bundle: Bundle;
  let bytes: Buffer;
  beforeAll(async () => {
    base = await freshDatabase();
    story = await aStory(base.url, { customers: 3 });
    await aWholeHistory(story);
    await anchorDay(story.engine, zone.dayOf(story.clock.now()) - 1);
    bundle = await exportBundle(story.engine.db, "C1", { now: story.clock.now() });
    bytes = bytesOf(bundle);
  });
  afterAll(async () => {
    await story?.close();
    await base?.drop();
  });

  it("holds the whole story and verifies with nothing but its bytes", () => {
    const report = verifyBundle(bytes);
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ intact: true, customer: "C1", compared: 0, notes: [] });
    expect(report.checked).toEqual({ entries: 17, messages: 5, policies: 1, receipts: 1, anchors: 4 });
    expect(report.anchor).toMatchObject({ day: "2026-11-12", through: 17 });
    expect(bundle.messages.map((message) => [message.template, message.delivery.answer])).toEqual(
      ["reminder", "warning", "suspended", "promise_granted", "promise_kept"].map((name) => [name, "250 2.0.0 Ok: queued as 4XYZ"]),
    );
    expect(bundle.state.promises).toMatchObject([{ state: "kept", invoices: ["F1"] }]);
    expect(bundle.state.holds.map((hold) => hold.kind)).toEqual(["overdue", "dispute"]);
    expect(bundle.policies[0]?.source).toContain("plain-3-4-5: the bare ladder");
    expect(writeBundle(JSON.parse(bytes.toString("utf8")) as Bundle)).toBe(bytes.toString("utf8"));
    expect(sayReport(report, "en")).toContain("Nothing was changed since export.");
    expect(sayReport(report, "pt-BR")).toContain("Nada foi alterado desde a exportação.");
  });

  it("can be checked by hand as its first lines say", () => {
    const sum = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
    const file = JSON.parse(bytes.toString("utf8")) as Bundle & { seal: string };
    expect(sum(bytes.subarray(0, -68))).toBe(file.seal);
    const prev = (text: string): string => (JSON.parse(text) as { prev: string }).prev;
    expect(prev(file.entries[0] ?? "")).toBe(sum("regua evidence of customer C1"));
    for (const [i, text] of file.entries.entries()) {
      const next = file.entries[i + 1];
      expect(sum(text)).toBe(next === undefined ? file.head.hash : prev(next));
    }
    for (const message of file.messages) {
      const entry = JSON.parse(file.entries[(message.entry ?? 0) - 1] ?? "") as { body: { messages: { text_sha256: string }[] } };
      expect(entry.body.messages[message.item ?? 0]?.text_sha256).toBe(sum(message.text));
    }
    expect(file.policies[0]?.version.split("@")[1]).toBe(sum(file.policies[0]?.document ?? "").slice(0, 12));
    // Three customers grew on the first three days, on the last only C1.
    expect(file.anchors.proofs.map((proof) => proof.path.length)).toEqual([2, 2, 2, 0]);
    for (const proof of file.anchors.proofs) {
      const anchor = file.anchors.days.find((each) => each.day === proof.day);
      const hash = sum(file.entries[proof.seq - 1] ?? "");
      const customer = sum(`{"customer":"C1","head":"${hash}"}`);
      let node = sum(`\0{"after":${proof.after},"customer":"${customer}","hash":"${hash}","seq":${proof.seq}}`);
      // C1 is the first, so that its neighbours stand to its right.
      expect(proof.position).toBe(0);
      for (const right of proof.path) node = sum(Buffer.from(`01${node}${right}`, "hex"));
      expect(anchor?.root).toBe(node);
      const { day, leaves, previous, root } = anchor ?? {};
      expect(anchor?.hash).toBe(sum(`{"day":"${day}","leaves":${leaves},"previous":"${previous}","root":"${root}"}`));
    }
  });

  it("refuses every changed byte, and names the entry when the byte lies in one", () => {
    const lines = bytes.toString("utf8").split("\n");
    const first = lines.indexOf('  "entries": [') + 1;
    const starts: number[] = [];
    lines.reduce((at, line) => (starts.push(at), at + Buffer.byteLength(line) + 1), 0);
    const regions = bundle.entries.map((text, i) => {
      const from = (starts[first + i] ?? 0) + 4;
      return { from, to: from + Buffer.byteLength(JSON.stringify(text)), seq: i + 1 };
    });
    const flip = (at: number, mask: number): void => {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(at) ^ mask, at);
      const { intact, findings } = verifyBundle(copy);
      const region = regions.find(({ from, to }) => at >= from && at < to);
      expect([at, mask, intact]).toEqual([at, mask, false]);
      // The list of hashes, its own region, speaks of entries too, and says that they are intact.
      const named = entriesNamed(findings.filter((f) => f.code !== "hash_list_differs"));
      expect([at, mask, named]).toEqual([at, mask, region ? [region.seq] : []]);
    };
    // Where the file's parts begin and end, and its tail, byte by byte; elsewhere by chance.
    const edges = lines.flatMap((line, i) => (/^ {0,2}\S/u.test(line) ? [starts[i] ?? 0, (starts[i] ?? 0) + 3] : []));
    const seams = regions.flatMap(({ from, to }) => [from - 1, from, to - 1, to, to + 1]);
    const tail = Array.from({ length: TAIL_BYTES }, (_, i) => bytes.length - 1 - i);
    for (const at of [...edges, ...seams, ...tail].filter((each) => each < bytes.length)) flip(at, 1);
    const byChance = fc.record({ at: fc.nat({ max: bytes.length - 1 }), mask: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(byChance, ({ at, mask }) => flip(at, mask)),
      { numRuns: 1200 },
    );
  });

  it("refuses a file that is cut, lengthened, empty or something else", () => {
    expect(verifyBundle(bytes.subarray(0, -1)).findings[0]).toEqual({ code: "seal_broken" });
    expect(verifyBundle(Buffer.concat([bytes, Buffer.from("\n")])).findings[0]).toEqual({ code: "seal_broken" });
    expect(codes(verifyBundle(Buffer.alloc(0)).findings)).toEqual(["seal_broken", "not_json"]);
    expect(codes(verifyBundle(Buffer.from("[1, 2]")).findings)).toEqual(["seal_broken", "out_of_shape"]);
    const half = verifyBundle(bytes.subarray(0, bytes.length / 2));
    expect(half.intact).toBe(false);
    expect(sayReport(verifyBundle(Buffer.from("{}")), "en")).toContain("The file cannot be trusted:");
    const deep = bytes.toString("utf8").replace('"mode": "live"', `"mode": ${"[".repeat(100_000)}${"]".repeat(100_000)}`);
    expect(verifyBundle(Buffer.from(deep)).intact).toBe(false);
  });

  it("says that the entries are intact when only the file around them was changed", () => {
    const spaced = Buffer.from(bytes.toString("utf8").replace('"mode": "live"', '"mode":  "live"'));
    const report = verifyBundle(spaced);
    expect(codes(report.findings)).toEqual(["seal_broken", "out_of_form"]);
    expect(sayReport(report, "en")).toContain("the entries themselves are intact");
    expect(sayReport(report, "pt-BR")).toContain("as entradas em si estão intactas");
  });

  const EDITS: [what: string, change: (copy: Bundle) => void, expected: string[]][] = [
    ["a message's text", (b) => void (first(b.messages).text += " "), ["message_differs"]],
    ["a message's recipient", (b) => void (first(b.messages).to = "x@cliente.example"), ["message_differs"]],
    ["a message left out", (b) => void b.messages.pop(), ["message_missing", "row_missing"]],
    ["a message shown twice", (b) => void b.messages.push(first(b.messages)), ["message_without_entry", "row_without_entry"]],
    ["the mail server's answer", (b) => void (first(b.messages).delivery.answer = "250 ok"), ["row_missing", "row_without_entry"]],
    [
      "a delivery that never was",
      (b) => void (first(b.messages).delivery.state = "refused"),
      ["message_differs", "row_missing", "row_without_entry"],
    ],
    ["a notice's end", (b) => void (first(first(b.messages).notices).state = "undeliverable"), ["message_differs"]],
    ["a receipt's amount", (b) => void (first(b.state.receipts).amount_cents += 1), ["sum_differs", "row_missing", "row_without_entry"]],
    ["a receipt left out", (b) => void b.state.receipts.pop(), ["row_missing"]],
    ["an allocation's amount", (b) => void (first(b.state.allocations).amount_cents -= 1), ["sum_differs", "row_missing"]],
    ["what an invoice counts as paid", (b) => void (first(b.state.invoices).paid_cents -= 1), ["sum_differs"]],
    ["a hold left out", (b) => void b.state.holds.shift(), ["row_missing"]],
    ["a hold never lifted", (b) => void (first(b.state.holds).lifted_by = null), ["row_missing"]],
    ["a promise's end", (b) => void (first(b.state.promises).state = "broken"), ["row_missing", "row_without_entry"]],
    [
      "a promise's deadline",
      (b) => void (first(b.state.promises).until = "2026-11-18T03:00:00.000Z"),
      ["row_missing", "row_without_entry"],
    ],
    ["the access a service should have", (b) => void (first(b.state.services).desired = "suspended"), ["row_missing"]],
    ["the policy's source", (b) => edit(b.policies, "source", "day: 5", "day: 6"), ["policy_differs"]],
    ["the policy's document", (b) => edit(b.policies, "document", '"day":5', '"day":6'), ["policy_differs"]],
    ["the policy left out", (b) => void b.policies.pop(), ["policy_missing"]],
    ["an anchor's root", (b) => void (first(b.anchors.days).root = sha256("x")), ["anchor_differs", "leaf_differs"]],
    ["an anchor left out", (b) => void b.anchors.days.splice(1, 1), ["anchor_missing", "anchor_differs"]],
    ["a proof left out", (b) => void b.anchors.proofs.splice(1, 1), ["leaf_gap"]],
    ["another customer's number", (b) => void (b.customer.ref = "C2"), ["customer_differs"]],
    ["an entry taken out with its hash", (b) => void [b.entries.splice(4, 1), b.hashes.splice(4, 1)], ["entries_missing"]],
    ["two entries in each other's place", (b) => void b.entries.splice(4, 2, ...b.entries.slice(4, 6).reverse()), ["entry_differs"]],
    ["the last entries cut off", (b) => cut(b, 12), ["anchored_entry_missing"]],
  ];
  const first = <T>(list: readonly T[]): T => list[0] as T;
  function edit(policies: Bundle["policies"], field: "source" | "document", from: string, to: string): void {
    const policy = first(policies);
    expect(policy[field]).toContain(from);
    policy[field] = policy[field].replace(from, to);
  }
  /** As somebody would who wants the end of the story forgotten. */
  function cut(copy: Bundle, length: number): void {
    copy.entries.length = copy.hashes.length = length;
    copy.head = { seq: length, hash: copy.hashes[length - 1] ?? "" };
    copy.messages = copy.messages.filter((message) => (message.entry ?? 0) <= length);
  }
  it.each(EDITS)("finds %s, although the file was sealed again", (_, change, expected) => {
    const report = verifyBundle(resealed(bundle, change));
    expect(codes(report.findings)).toEqual(expect.arrayContaining(expected));
    expect(codes(report.findings)).not.toContain("seal_broken");
    for (const lang of ["en", "pt-BR"] as const) expect(sayReport(report, lang)).not.toMatch(/undefined|null|\[object|!/u);
  });

  it("says which field of which message was changed", () => {
    const report = verifyBundle(resealed(bundle, (b) => void (first(b.messages).subject = "Tudo certo")));
    expect(report.findings).toMatchObject([{ code: "message_differs", entry: { seq: 1, kind: "decision" }, item: 0, field: "subject" }]);
    expect(sayReport(report, "en")).toContain(
      "the message of entry 1 (2026-11-09T06:00:00.000Z, decision), item 0: its subject is not what the entry says",
    );
  });

  it("finds a chain made wholly anew by its anchors, and anchors made anew by those kept elsewhere", () => {
    const rewritten = (copy: Bundle): void => {
      let head = { seq: 0, hash: genesis("C1") };
      copy.entries = copy.entries.map((text) => {
        const { kind, at, local, actor, body } = JSON.parse(text) as { kind: string; at: string; local: string; actor: string; body: Json };
        const story = kind === "receipt" ? { ...(body as { [key: string]: Json }), reason: "outra história" } : body;
        const entry = chain("C1", head, { kind, at, local, actor, body: story });
        head = entry;
        return entry.text;
      });
      copy.hashes = copy.entries.map((text) => sha256(text));
      copy.head = { seq: head.seq, hash: head.hash };
    };
    const report = verifyBundle(resealed(bundle, rewritten));
    expect(report.findings).toMatchObject([{ code: "leaf_differs", day: "2026-11-12", entry: { seq: 17 } }]);

    const everything = resealed(bundle, (copy) => {
      rewritten(copy);
      let previous = copy.anchors.days[0]?.previous ?? "";
      for (const [i, anchor] of copy.anchors.days.entries()) {
        const proof = copy.anchors.proofs[i];
        expect(proof?.day).toBe(anchor.day);
        const tree = new Tree();
        tree.add(leafOf({ ref: "C1", after: proof?.after ?? 0, seq: proof?.seq ?? 0, hash: copy.hashes[(proof?.seq ?? 0) - 1] ?? "" }));
        proof?.path.splice(0);
        Object.assign(anchor, { leaves: 1, root: tree.root(), previous });
        anchor.hash = anchorHash({ ...anchor, day: zone.dayOf(Date.parse(`${anchor.day}T12:00:00Z`)) });
        previous = anchor.hash;
      }
    });
    expect(verifyBundle(everything).intact).toBe(true);
    const kept = new Map(bundle.anchors.days.slice(-1).map((anchor) => [anchor.day, anchor.hash]));
    expect(verifyBundle(everything, kept).findings).toEqual([{ code: "anchor_not_as_published", day: "2026-11-12" }]);
    expect(verifyBundle(bytes, kept)).toMatchObject({ intact: true, compared: 1, notes: [] });
    const later = verifyBundle(bytes, new Map([["2026-12-24", sha256("x")]]));
    expect(later).toMatchObject({ intact: true, compared: 0, notes: [{ code: "published_not_here", day: "2026-12-24" }] });
  });

  it("shows nothing of other customers", () => {
    const text = bytes.toString("utf8");
    for (const word of ["C2", "C3", "c2@", "F2", "conta2"]) expect(text).not.toContain(word);
  });

  it("is refused for a customer who is not there", async () => {
    await expect(exportBundle(story.engine.db, "C9", { now: story.clock.now() })).rejects.toMatchObject({ code: "customer_unknown" });
  });
});

describe("the evidence in the database", () => {
  let base: TestDatabase;
  let story: Story;
  /** The database's owner: who can change what the program cannot. */
  let owner: Database;
  beforeEach(async () => {
    base = await freshDatabase();
    story = await aStory(base.url, { customers: 3 });
    owner = openDatabase({ url: base.url, max: 1 });
    for (let n = 0; n < 4; n += 1) for (const ref of ["C1", "C2", "C3"]) await story.note(ref, { n });
    const day = zone.dayOf(story.clock.now());
    story.clock.set(zone.startOf(day + 1));
    await anchorDay(story.engine, day);
    await story.note("C2", { after: "the anchor" });
  });
  afterEach(async () => {
    await owner.close();
    await story.close();
    await base.drop();
  });
  const id = (ref: string): number => story.customers.get(ref) ?? 0;
  const found = async (): Promise<unknown[]> => {
    const { findings } = await verifyDatabase(owner.db);
    return findings.map(({ customer, finding }) => [
      customer,
      finding.code,
      "entry" in finding && finding.entry ? finding.entry.seq : null,
    ]);
  };

  it("verifies whole, with what is not anchored yet counted", async () => {
    const report = await verifyDatabase(story.engine.db);
    expect(report).toEqual({ intact: true, customers: 3, entries: 13, anchors: 1, house: 1, notAnchored: 1, faults: 0, findings: [] });
    expect(verifyBundle(bytesOf(await exportBundle(story.engine.db, "C2", { now: story.clock.now() }))).notes).toEqual([
      { code: "not_anchored", from: 5, through: 5 },
    ]);
  });

  it("is closed to the program's own role: it adds, and changes nothing", async () => {
    const { db } = story.engine;
    const denied = { code: "42501" };
    for (const table of ["evidence", "anchor", "anchor_leaf"]) {
      const name = sql.table(table);
      const column = sql.ref(table === "anchor" ? "leaves" : "seq");
      await expect(sql`UPDATE ${name} SET ${column} = 1`.execute(db)).rejects.toMatchObject(denied);
      await expect(sql`DELETE FROM ${name}`.execute(db)).rejects.toMatchObject(denied);
      await expect(sql`TRUNCATE ${name}`.execute(db)).rejects.toMatchObject(denied);
      await expect(sql`DROP TABLE ${name}`.execute(db)).rejects.toMatchObject(denied);
      await expect(sql`ALTER TABLE ${name} DISABLE TRIGGER ALL`.execute(db)).rejects.toMatchObject(denied);
    }
    const { rows } = await sql<{ role: string }>`SELECT current_user AS role`.execute(db);
    expect(rows).toEqual([{ role: APP_ROLE }]);
    await story.note("C1");
    expect(await verifyDatabase(db)).toMatchObject({ intact: true, entries: 14 });
  });

  it("names the entry that its owner changed, in the check and in the bundle", async () => {
    await sql`UPDATE evidence SET entry = replace(entry, '"n":2', '"n":7') WHERE customer_id = ${id("C2")} AND seq = 3`.execute(owner.db);
    expect(await found()).toEqual([["C2", "entry_differs", 3]]);
    const bundle = await exportBundle(story.engine.db, "C2", { now: story.clock.now() });
    const report = verifyBundle(bytesOf(bundle));
    expect(report.findings).toMatchObject([{ code: "entry_differs", entry: { seq: 3, kind: "note" }, witness: "next" }]);
    expect(sayReport(report, "en")).toContain(
      "entry 3 (2026-11-03T12:00:00.000Z, note): its text does not give the hash that entry 4 names",
    );
    expect(sayReport(report, "pt-BR")).toContain(
      "a entrada 3 (2026-11-03T12:00:00.000Z, note): o texto não dá o hash que a entrada 4 cita",
    );
  });

  it("finds an entry removed, columns that say otherwise than their text, and a head that was set back", async () => {
    await sql`DELETE FROM evidence WHERE customer_id = ${id("C1")} AND seq = 2`.execute(owner.db);
    await sql`UPDATE evidence SET kind = 'other' WHERE customer_id = ${id("C3")} AND seq = 1`.execute(owner.db);
    await sql`DELETE FROM evidence WHERE customer_id = ${id("C2")} AND seq = 5`.execute(owner.db);
    expect(await found()).toEqual([
      ["C1", "entries_missing", null],
      ["C2", "entries_missing", null],
      ["C3", "entry_field", 1],
    ]);
    await sql`
      UPDATE customer SET evidence_seq = 3, evidence_hash = (SELECT encode(sha256(convert_to(entry, 'UTF8')), 'hex')
        FROM evidence e WHERE e.customer_id = customer.customer_id AND seq = 3) WHERE customer_id = ${id("C2")}`.execute(owner.db);
    await sql`DELETE FROM evidence WHERE customer_id = ${id("C2")} AND seq > 3`.execute(owner.db);
    expect(await found()).toContainEqual(["C2", "anchored_entry_missing", null]);
  });

  it("finds all entries of a customer removed", async () => {
    await sql`DELETE FROM evidence WHERE customer_id = ${id("C3")}`.execute(owner.db);
    expect(await found()).toEqual([
      ["C3", "entries_missing", null],
      ["C3", "anchored_entry_missing", null],
    ]);
  });

  it("finds a chain made anew under an anchor, a leaf and an anchor that were changed", async () => {
    const text = `{"actor":"ana","at":"2026-11-03T12:00:00.000Z","body":1,"customer":"C1","kind":"note","local":"2026-11-03T09:00:00.000-03:00","prev":"${genesis("C1")}","seq":1}`;
    await sql`DELETE FROM evidence WHERE customer_id = ${id("C1")}`.execute(owner.db);
    await sql`
      INSERT INTO evidence (customer_id, seq, at, kind, entry) VALUES (${id("C1")}, 1, '2026-11-03T12:00:00Z', 'note', ${text})`.execute(
      owner.db,
    );
    await sql`UPDATE customer SET evidence_seq = 1, evidence_hash = ${sha256(text)} WHERE customer_id = ${id("C1")}`.execute(owner.db);
    expect(await found()).toEqual([["C1", "anchored_entry_missing", null]]);
    await sql`UPDATE anchor_leaf SET seq = 1 WHERE customer_id = ${id("C1")}`.execute(owner.db);
    expect(await found()).toEqual([["C1", "leaf_differs", 1]]);
    const leaf = leafOf({ ref: "C1", after: 0, seq: 1, hash: sha256(text) });
    await sql`UPDATE anchor_leaf SET leaf = ${leaf} WHERE customer_id = ${id("C1")}`.execute(owner.db);
    expect(await found()).toEqual([[null, "anchor_differs", null]]);
    await sql`UPDATE anchor SET leaves = 2`.execute(owner.db);
    expect(await found()).toEqual([[null, "anchor_differs", null]]);
  });

  it("keeps the first findings and counts the rest", async () => {
    await sql`UPDATE evidence SET kind = 'other'`.execute(owner.db);
    const report = await verifyDatabase(owner.db, { keep: 2 });
    expect([report.faults, report.findings.length]).toEqual([13, 2]);
    expect(formatDay(zone.dayOf(story.clock.now()))).toBe("2026-11-04");
  });
});

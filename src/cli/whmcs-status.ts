// whmcs status: how far WHMCS was read, what waits, what was refused, and where it is about to act against us.
import { WHMCS } from "../engine/billing-rows.ts";
import { DAY_MS, formatDay, formatInstant } from "../kernel/time.ts";
import { againstUs, besideCounts, besideStanding, refusedRows, unwrittenTasks, waitingTasks } from "../store/billing-views.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { besideOf } from "./beside.ts";
import { wrap } from "./table.ts";
import type { Tools } from "./tools.ts";

const LISTED = 1_000;
/** For people; machines get all that is listed. */
const SHOWN = 20;
const RECENT_MS = 30 * DAY_MS;

export async function whmcsStatus({ io }: Tools, app: App): Promise<void> {
  const { terms } = besideOf(app);
  const { db } = app.database;
  const { engine } = app;
  const now = engine.clock.now();
  const today = (await engine.settings.load(db, now)).zone.dayOf(now);
  const standing = await besideStanding(db, WHMCS);
  const counts = await besideCounts(db);
  const waiting = await waitingTasks(db);
  const unwritten = await unwrittenTasks(db, engine.motorClock.now() - RECENT_MS, LISTED);
  const refused = await refusedRows(db, LISTED);
  const against = await againstUs(db, { today, limit: LISTED });
  const en = io.lang === "en";
  const when = (at: number | null | undefined): string =>
    at ? formatInstant(at).slice(0, 16).replace("T", " ") : en ? "not yet" : "ainda não";
  const value = {
    acts: terms.acts,
    phase: standing?.phase ?? null,
    locked: standing?.locked ?? false,
    caughtUpAt: standing?.caughtUpAt ? formatInstant(standing.caughtUpAt) : null,
    answer: standing?.answer ?? null,
    known: Object.fromEntries(counts.map(({ kind, rows }) => [kind, rows])),
    waiting,
    unwritten: unwritten.map(({ madeAt, ...task }) => ({ ...task, madeAt: formatInstant(madeAt) })),
    refused: refused.map(({ seenAt, ...row }) => ({ ...row, seenAt: formatInstant(seenAt) })),
    against: against.map(({ nextDueOn, ...row }) => ({ ...row, nextDueOn: formatDay(nextDueOn) })),
  };
  const part = (head: string, rows: readonly string[]): string[] =>
    rows.length === 0
      ? []
      : [
          "",
          `${head}: ${rows.length}`,
          ...rows.slice(0, SHOWN).flatMap((row) => wrap(row, "  ")),
          ...(rows.length > SHOWN ? ["  …  --json"] : []),
        ];
  io.result(value, () =>
    [
      banner(app),
      `${en ? "Suspends" : "Quem suspende"}: ${terms.acts === "whmcs" ? (en ? "WHMCS, on our word" : "o WHMCS, a nosso pedido") : en ? "we, on the panel" : "nós, no painel"}`,
      `${en ? "Read through" : "Leitura completa"}: ${when(standing?.caughtUpAt)} UTC${standing && standing.phase !== "follow" ? ` (${standing.phase}, ${standing.start})` : ""}${standing?.locked ? (en ? "; locked: `regua whmcs test`" : "; travado: `regua whmcs test`") : ""}`,
      `${en ? "Known" : "Conhecidos"}: ${counts.map(({ kind, rows }) => `${rows} ${kind}`).join(", ") || "0"}`,
      `${en ? "To be written there" : "A gravar lá"}: ${waiting}`,
      ...(standing?.answer ? wrap(standing.answer, "  ") : []),
      ...part(
        en ? "WHMCS acts against us, or is about to" : "O WHMCS age contra nós, ou está prestes a agir",
        against.map(({ service, name, customer, nextDueOn, what }) =>
          what === "did"
            ? `${service} ${name} (${customer}): ${en ? "suspended by WHMCS itself" : "suspenso pelo próprio WHMCS"}`
            : `${service} ${name} (${customer}): ${en ? "not held off, due since" : "sem retenção, vencido desde"} ${formatDay(nextDueOn)}`,
        ),
      ),
      ...part(
        en ? "Not written" : "Não gravados",
        unwritten.map(({ kind, billingId, customer, answer }) => `${kind} ${billingId} (${customer}): ${answer}`),
      ),
      ...part(
        en ? "Not taken" : "Não lidos",
        refused.map(({ kind, billingId, reason }) => `${kind} ${billingId}: ${reason}`),
      ),
    ].join("\n"),
  );
}

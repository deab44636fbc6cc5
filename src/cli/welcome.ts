// The first screen of `start`: what this is, what the ladder did so far, and three things to try.
import { relative } from "node:path";
import { formatMoney } from "../kernel/money.ts";
import { countNotices, countStory, portalCustomer, tellingCustomer } from "../store/metrics.ts";
import { sayStep } from "../words/reasons.ts";
import { welcomeTexts, type Hint, type Story } from "../words/welcome.ts";
import { BASE } from "../pages/frame.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { portalLink } from "./portal-command.ts";
import type { Tools } from "./tools.ts";
import { WIDTH, wrap } from "./table.ts";

/** More steps than this no ladder of the presets tells of. */
const STEPS_SHOWN = 8;

export async function greet({ io }: Tools, app: App, address: string | null, first: string | null): Promise<void> {
  const texts = welcomeTexts(io.lang);
  const { db } = app.engine;
  const { customers, withDebt, suspended, receipts, received, promisesKept, promisesBroken, promisesRunning } = await countStory(db);
  const notices = (await countNotices(db)).slice(0, STEPS_SHOWN);
  const story: Story = {
    customers,
    withDebt,
    notices: notices.map((each) => `${sayStep(each.step, io.lang)} ${each.notices}`),
    suspended,
    kept: promisesKept,
    broken: promisesBroken,
    running: promisesRunning,
    receipts,
    received: formatMoney(received, app.provider.currency, io.lang),
  };
  const commands = await commandsOf(io.host.cwd, app);
  const portal = await portalOf(app, address);
  const byStep = Object.fromEntries(notices.map((each) => [each.step, each.notices]));
  const value = {
    mode: app.provider.mode,
    address,
    story: { ...story, notices: byStep, received: undefined, receivedCents: received },
    portal,
    console: first,
  };
  io.result(value, () => {
    const soFar =
      customers === 0
        ? [texts.nothingYet]
        : [
            texts.customers(story),
            ...(story.notices.length === 0 ? [] : [texts.notices(story.notices.join(" · "))]),
            texts.access(story),
            texts.money(story),
          ];
    return [
      banner(app),
      ...(address === null ? [] : [texts.listening(address), ...texts.console(address, first)]),
      ...(app.provider.mode === "sandbox" ? wrap(texts.sandbox, "") : []),
      "",
      texts.soFar,
      ...soFar.flatMap((line) => wrap(line, "  ")),
      "",
      texts.tryNext,
      ...beside(commands.map(({ command, hint }) => [command, texts.hints[hint]])),
      ...(portal === null ? [] : ["", texts.portal(portal.customer), `  ${portal.url}`]),
      "",
      texts.stop,
    ].join("\n");
  });
}

/** In the sandbox the customers' portal is one click away; live, a link belongs to its customer. */
async function portalOf(app: App, address: string | null): Promise<{ customer: string; url: string } | null> {
  const customer = app.provider.mode === "sandbox" && address !== null ? await portalCustomer(app.engine.db) : null;
  return customer === null ? null : { customer, url: await portalLink(app, customer, `${address}${BASE}`) };
}

/** Commands with what they do beside them; under them where a long folder leaves no room. */
function beside(pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...pairs.map(([command]) => command.length));
  const fits = pairs.every(([, hint]) => width + hint.length + 4 <= WIDTH);
  return pairs.flatMap(([command, hint]) => (fits ? [`  ${command.padEnd(width)}  ${hint}`] : [`  ${command}`, `    ${hint}`]));
}

/** Commands as they can be typed where the person stands. */
async function commandsOf(cwd: string, app: App): Promise<{ command: string; hint: Hint }[]> {
  const folder = relative(cwd, app.dataDir);
  const regua = folder === ".regua" ? "./regua" : `./regua --data ${folder.startsWith("..") ? app.dataDir : folder}`;
  const telling = await tellingCustomer(app.engine.db);
  const show = { command: `${regua} show ${telling ?? "CUSTOMER"}`, hint: "show" } as const;
  if (app.provider.mode === "sandbox" && telling !== null)
    return [{ command: `${regua} rehearse`, hint: "rehearse" }, show, { command: `${regua} sandbox advance --days 7`, hint: "advance" }];
  const rest = [
    { command: `${regua} keys add billing --scopes read,write`, hint: "keys" },
    { command: `${regua} doctor`, hint: "doctor" },
  ] as const;
  return [{ command: `${regua} rehearse`, hint: "rehearse" }, ...rest];
}

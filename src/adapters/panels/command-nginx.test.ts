// The command panel with the example scripts and a real nginx: what a visitor of the site gets.
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NGINX_ABSENT, findNginx, startNginx } from "../../../test/support/nginx.ts";
import type { Nginx } from "../../../test/support/nginx.ts";
import type { CallContext } from "../../ports/outcome.ts";
import { CommandPanel } from "./command.ts";

const present = findNginx() !== null;
if (!present) console.warn(NGINX_ABSENT);

const REASON = { text: "Régua: fatura 1042 vencida" };
const ample = (): CallContext => ({ signal: AbortSignal.timeout(25_000) });

describe.skipIf(!present)("sites of a real nginx", () => {
  let nginx: Nginx;
  let panel: CommandPanel;
  beforeAll(async () => {
    nginx = await startNginx();
    panel = new CommandPanel(nginx.panelOptions());
  });
  afterAll(() => nginx.stop());

  it("go from 200 to a calm page with 503 and back to 200, and each answer is true when it is given", async () => {
    await nginx.addSite("loja.example", "<h1>Loja</h1>");
    expect(await panel.read("loja.example", ample())).toEqual({ outcome: "done", value: { access: "active" } });

    expect(await panel.suspend("loja.example", REASON, ample())).toEqual({
      outcome: "done",
      value: { access: "suspended", by: "us", reason: REASON.text },
    });
    for (const [path, method] of [["/"], ["/style.css"], ["/any/page?x=1"], ["/", "POST"]]) {
      const answer = await nginx.fetchSite("loja.example", path, method);
      expect(answer.http).toBe(503);
      expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
      expect(answer.headers["retry-after"]).toBe("3600");
      expect(answer.body).toContain("Este site está suspenso no momento");
      expect(answer.body).toContain("This site is suspended at the moment");
      expect(answer.body).toContain("Hospedagem Exemplo");
      expect(answer.body).toContain("ajuda@hospedagem.example");
      expect(answer.body).not.toMatch(/Loja|fatura|1042|!(?!doctype)/u);
    }

    expect(await panel.unsuspend("loja.example", ample())).toEqual({ outcome: "done", value: { access: "active" } });
    expect(await nginx.fetchSite("loja.example")).toMatchObject({ http: 200, body: "<h1>Loja</h1>" });
  });

  it("are suspended and opened side by side without touching each other", async () => {
    const names = ["a.example", "b.example", "c.example", "d.example"];
    for (const name of names) await nginx.addSite(name, name);
    const suspended = await Promise.all(names.slice(0, 3).map((name) => panel.suspend(name, REASON, ample())));
    for (const outcome of suspended) expect(outcome).toMatchObject({ outcome: "done", value: { access: "suspended" } });
    const https = await Promise.all(names.map(async (name) => (await nginx.fetchSite(name)).http));
    expect(https).toEqual([503, 503, 503, 200]);
    const mixed = await Promise.all([
      panel.unsuspend("a.example", ample()),
      panel.suspend("d.example", REASON, ample()),
      panel.suspend("b.example", REASON, ample()),
    ]);
    expect(mixed.map((outcome) => (outcome.outcome === "done" ? outcome.value.access : outcome))).toEqual([
      "active",
      "suspended",
      "suspended",
    ]);
    const listed = await panel.list(ample());
    if (listed.outcome !== "done") throw new Error(listed.reason);
    for (const [name, access] of [
      ["a.example", "active"],
      ["b.example", "suspended"],
      ["d.example", "suspended"],
    ]) {
      expect(listed.value.find((account) => account.name === name)?.access.access).toBe(access);
    }
  });

  it("that an operator closed are reported with the operator's words and left alone", async () => {
    await nginx.addSite("spam.example", "spam");
    await nginx.suspendByOperator("spam.example", "phishing, chamado 77");
    const theirs = { outcome: "done", value: { access: "suspended", by: "other", reason: "phishing, chamado 77" } };
    expect(await panel.read("spam.example", ample())).toEqual(theirs);
    expect(await panel.suspend("spam.example", REASON, ample())).toEqual(theirs);
    expect(await panel.unsuspend("spam.example", ample())).toEqual(theirs);
    expect((await nginx.fetchSite("spam.example")).http).toBe(403);
    expect(await readdir(nginx.accessDir)).not.toContain("spam.example.because");
  });

  it("that were switched by hand, without our file, are another party's", async () => {
    await nginx.addSite("mao.example", "mao");
    await panel.suspend("mao.example", REASON, ample());
    await rm(join(nginx.accessDir, "mao.example.because"));
    expect(await panel.unsuspend("mao.example", ample())).toMatchObject({ value: { access: "suspended", by: "other" } });
  });

  it("that nobody linked are absent and stay untouched", async () => {
    expect(await panel.suspend("nobody.example", REASON, ample())).toEqual({ outcome: "done", value: { access: "absent" } });
  });

  it("keep their old state, and say so, when nginx cannot load the new one", async () => {
    await nginx.addSite("velha.example", "velha");
    const wrong = join(nginx.accessDir, "../sites/wrong.conf");
    await writeFile(wrong, "this is no directive;\n");
    expect(await panel.suspend("velha.example", REASON, ample())).toMatchObject({
      outcome: "refused",
      retry: true,
      reason: expect.stringContaining("nginx did not reload") as string,
    });
    expect((await nginx.fetchSite("velha.example")).http).toBe(200);
    expect(await panel.read("velha.example", ample())).toMatchObject({ value: { access: "active" } });
    await rm(wrong);
    expect(await panel.suspend("velha.example", REASON, ample())).toMatchObject({ outcome: "done", value: { access: "suspended" } });
  });

  it("can answer 402, and a name with every dangerous sign does no harm", async () => {
    await nginx.addSite("pago.example", "pago");
    const options = nginx.panelOptions(["--http-status=402", "--retry-after=60", `--provider-name=A "b" $uri \\ <i>c</i> {d}; 'e' & #f`]);
    const other = new CommandPanel(options);
    expect(await other.suspend("pago.example", REASON, ample())).toMatchObject({ outcome: "done", value: { access: "suspended" } });
    const answer = await nginx.fetchSite("pago.example");
    expect(answer.http).toBe(402);
    expect(answer.headers["retry-after"]).toBe("60");
    expect(answer.body).toContain("A &#34;b&#34; &#36;uri &#92; &#60;i&#62;c&#60;/i&#62; {d}; &#39;e&#39; &#38; #f");
    expect(await other.unsuspend("pago.example", ample())).toMatchObject({ value: { access: "active" } });
  });

  it("keep the way open by which their certificates are renewed", async () => {
    await nginx.addSite("tls.example", "tls");
    await panel.suspend("tls.example", REASON, ample());
    expect((await nginx.fetchSite("tls.example", "/.well-known/acme-challenge/token")).http).toBe(404);
    expect((await nginx.fetchSite("tls.example", "/.well-known/acme-challenge/../../")).http).toBe(503);
  });
});

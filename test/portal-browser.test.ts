// The customers' portal in a real Chromium: paying and seeing the service come back, without a script, with a keyboard, and what axe says.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatDigitLine, makeBoleto } from "../src/codes/boleto.ts";
import { recordCharge } from "../src/engine/record-charge.ts";
import { publishTerms } from "../src/engine/terms.ts";
import { writeMessage } from "../src/engine/write-message.ts";
import { parseDay } from "../src/kernel/time.ts";
import { axeFindings, CHROMIUM, openBrowser } from "./support/browser.ts";
import { aDebtor, makeDesk, NOW, pix, type Debtor, type Desk } from "./support/claims.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addInvoice, evidence, identity, makeEngine, type World } from "./support/engine.ts";
import { tabTo } from "./support/keyboard.ts";
import { makePortal, type Portal } from "./support/portal.ts";

if (CHROMIUM === null) console.warn("skipped: no Chromium on this machine (apt-get install chromium)");

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: "pt-BR" };

/** Run in the page, whose names are not known here. */
const WIDTH = "document.documentElement.scrollWidth";
const WHOLE_LINE = `(() => {
  const node = document.getElementById("slip-line");
  return node.scrollHeight <= node.clientHeight && node.scrollWidth <= node.clientWidth;
})()`;

describe.skipIf(CHROMIUM === null)("the portal in a browser", () => {
  let test: TestDatabase;
  let world: World;
  let portal: Portal;
  let desk: Desk;
  let browser: Browser;
  let address: string;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "regua-tests-"));
    test = await freshDatabase();
    world = await makeEngine(test.url, { now: NOW, mode: "sandbox" });
    const withPix = { ...identity, pix: { key: "pix@hospedagem.example", city: "Curitiba" } };
    await world.rows("UPDATE provider SET identity = $1", [JSON.stringify(withPix)]);
    desk = makeDesk(world);
    portal = await makePortal(world, { proofs: () => desk.tools });
    address = await portal.api.listen({ host: "127.0.0.1", port: 0 });
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await portal.api.close();
    desk.close();
    await world.close();
    await test.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Down, and known so on the panel. */
  async function suspended(change: { tags?: string[] } = {}): Promise<Debtor> {
    const debtor = await aDebtor(world, change);
    await world.rows(
      "INSERT INTO sandbox_account (account, access, by, reason) SELECT account, 'suspended', 'us', 'regua' FROM service WHERE service_id = $1",
      [debtor.service.id],
    );
    return debtor;
  }

  async function open(debtor: Debtor, options: BrowserContextOptions = {}): Promise<{ context: BrowserContext; page: Page }> {
    const context = await browser.newContext({ ...PHONE, ...options });
    const page = await context.newPage();
    await page.goto(`${address}/portal/i/${await portal.tokenFor(debtor.customer)}`);
    return { context, page };
  }

  it("what is owed, what comes next and the way to pay are on the first screen of a phone", async () => {
    const { context, page } = await open(await suspended());
    for (const name of [".amount", ".ruler", "[data-copy=pix-code]"]) {
      const box = await page.locator(name).first().boundingBox();
      expect(box, name).not.toBeNull();
      expect((box?.y ?? 0) + (box?.height ?? 0), name).toBeLessThanOrEqual(844);
    }
    expect(await page.evaluate<number>(WIDTH)).toBe(390);
    await context.close();
  });

  it("a payment made elsewhere changes the page by itself, up to the service being up again", async () => {
    const debtor = await suspended();
    const { context, page } = await open(debtor);
    await page.evaluate(() => Object.assign(globalThis, { stillTheSamePage: true }));
    // In a second tab, as by a bank: the first one is not touched.
    const other = await context.newPage();
    await other.goto(`${address}/portal/`);
    await other.getByRole("button", { name: "Pagar agora (ensaio)" }).click();
    await page.bringToFront();
    await page.getByText("voltando", { exact: true }).waitFor();
    await portal.work();
    await page.getByText("O serviço está no ar de novo.").waitFor();
    expect(await page.locator(".state").innerText()).toBe("no ar");
    expect(await page.evaluate(() => "stillTheSamePage" in globalThis)).toBe(true);
    await context.close();
  });

  it("without a script: the amount, the Pix code to select, the QR code, and the sandbox's payment", async () => {
    const { context, page } = await open(await suspended(), { javaScriptEnabled: false });
    expect(await page.locator(".amount").innerText()).toBe("R$ 29,90");
    expect(await page.locator("#pix-code").inputValue()).toMatch(/^000201.*6304[0-9A-F]{4}$/u);
    expect(await page.locator("svg.qr").isVisible()).toBe(true);
    expect(await page.locator("[data-copy=pix-code]").isVisible()).toBe(false);
    expect(await page.getByRole("link", { name: "Já paguei: atualizar a página" }).isVisible()).toBe(true);
    await page.getByRole("button", { name: "Pagar agora (ensaio)" }).click();
    await page.getByRole("heading", { name: "Está tudo em dia." }).waitFor();
    await context.close();
  });

  it("without a script: the boleto's whole line on a phone, and its sheet as a file to keep", async () => {
    const debtor = await suspended();
    const { digitLine } = makeBoleto({
      bank: "341",
      amountCents: 2_990,
      due: parseDay("2026-11-23"),
      freeField: "1091234567890123456789012",
    });
    const charge = { chargeId: "b1", brCode: null, digitLine };
    await recordCharge(world.engine, { gateway: "banco", invoice: debtor.invoice.ref, charge });
    const { context, page } = await open(debtor, { javaScriptEnabled: false });
    const line = page.locator("#slip-line");
    expect(await line.inputValue()).toBe(formatDigitLine(digitLine));
    expect(await page.evaluate<boolean>(WHOLE_LINE)).toBe(true);
    const downloading = page.waitForEvent("download");
    await page.getByRole("link", { name: "Baixar o boleto em PDF" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(`boleto-${debtor.invoice.ref}.pdf`);
    expect(
      readFileSync(await download.path())
        .subarray(0, 5)
        .toString(),
    ).toBe("%PDF-");
    await context.close();
  });

  it("a proof sent from a file is read, and the page says what comes of it and until when", async () => {
    const debtor = await suspended();
    const { context, page } = await open(debtor);
    await page.getByRole("link", { name: "Já paguei" }).click();
    const nothing = join(folder, "nothing.pdf");
    writeFileSync(nothing, "no pdf at all");
    await page.setInputFiles("#file", nothing);
    await page.getByRole("button", { name: "Enviar comprovante" }).click();
    await page.getByText("não é PDF, JPEG nem PNG").waitFor();
    const large = join(folder, "large.pdf");
    writeFileSync(large, Buffer.alloc(10 * 1024 * 1024 + 1, "%PDF-1.7 "));
    await page.setInputFiles("#file", large);
    await page.getByRole("button", { name: "Enviar comprovante" }).click();
    await page.getByText("O arquivo passa de 10 MB").waitFor();
    const file = join(folder, "comprovante.pdf");
    writeFileSync(file, await pix({ as: "pdf", rest: "portal" }));
    await page.setInputFiles("#file", file);
    await page.getByRole("button", { name: "Enviar comprovante" }).click();
    await page.getByText("O serviço fica no ar até").waitFor();
    expect((await evidence(world, debtor.customer)).map(({ kind }) => kind)).toContain("claim.opened");
    await context.close();
  });

  it("with a keyboard alone: from the first page to time agreed, each thing in hand visible", async () => {
    const debtor = await suspended();
    await addInvoice(world, debtor.customer, { dueOn: "2026-09-10", paidOn: "2026-09-08", service: debtor.service });
    const { context, page } = await open(debtor, { viewport: { width: 1280, height: 800 }, isMobile: false, reducedMotion: "reduce" });
    await tabTo(page, "Preciso de mais prazo");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Mais prazo" }).waitFor();
    await tabTo(page, "Por que");
    await page.keyboard.type("recebo na sexta");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await tabTo(page, "Pedir este prazo");
    await page.keyboard.press("Enter");
    await page.getByText("Combinado: o prazo vai até").waitFor();
    await context.close();
  });

  it("axe finds nothing serious or critical on any page, light and dark, in both languages", async () => {
    const [debtor, other] = [await suspended(), await suspended()];
    await publishTerms(world.engine, { text: "1. O serviço é pré-pago.\n\n2. Sem pagamento, a régua anda.", by: "ana" });
    await writeMessage(world.engine, { customer: debtor.customer.ref, by: "customer", text: "bom dia" });
    await addInvoice(world, debtor.customer, { dueOn: "2026-11-30", service: debtor.service });
    const found: string[] = [];
    const looks = [
      { colorScheme: "light", lang: "pt-BR", who: debtor, viewport: { width: 390, height: 844 } },
      { colorScheme: "dark", lang: "en", who: debtor, viewport: { width: 1280, height: 900 } },
      { colorScheme: "dark", lang: "pt-BR", who: other, viewport: { width: 320, height: 640 } },
    ] as const;
    for (const { colorScheme, lang, who, viewport } of looks) {
      const { context, page } = await open(who, { colorScheme, viewport, bypassCSP: true });
      await page.goto(`${address}/portal/lang/${lang}`);
      const paths = ["", "time", "proof", "leave", "backup", "terms", "messages", `invoices/${who.invoice.ref}`, "sign-in", "no-such-page"];
      for (const path of [...paths.map((each) => `/portal/${each}`), "/suspended"]) {
        await page.goto(address + path);
        for (const finding of await axeFindings(page)) found.push(`${path} ${colorScheme} ${lang}: ${finding}`);
        const wide = await page.evaluate<number>(WIDTH);
        if (wide > viewport.width) found.push(`${path} ${colorScheme} ${lang}: ${wide} px wide on ${viewport.width}`);
      }
      await context.close();
    }
    expect(found).toEqual([]);
  }, 120_000);

  it("the first page with its style and script stays under 30 kB on the wire", async () => {
    const debtor = await suspended();
    const { context, page } = await open(debtor);
    const errors: string[] = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(String(error)));
    const sizes: number[] = [];
    page.on("response", (response) => {
      if (response.url().includes("/assets/")) sizes.push(Number(response.headers()["content-length"] ?? 0));
    });
    const main = await page.goto(`${address}/portal/`, { waitUntil: "networkidle" });
    const html = gzipSync(await (main?.body() ?? Promise.resolve(Buffer.alloc(0)))).length;
    expect(sizes).toHaveLength(2);
    expect(html + sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(30_000);
    expect(errors).toEqual([]);
    await context.close();
  });
});

// The words of HTML mails: what people read, line by line, and nothing of the markup, in time that grows with the mail.
import { expect, it } from "vitest";
import { htmlText } from "./html-text.ts";

it.each([
  ["<p>Valor: <b>R$&nbsp;29,90</b></p><p>Pago</p>", "Valor: R$ 29,90\nPago"],
  ["<table><tr><td>Data</td><td>22/11/2026</td></tr><tr><td>ID</td><td>E1</td></tr></table>", "Data 22/11/2026 \nID E1"],
  ["linha<br>outra<br/>mais", "linha\noutra\nmais"],
  ["<style>p{color:red}</style><script>alert('R$ 1')</script>Olá<!-- R$ 2 --> fim", "Olá fim"],
  ["<HEAD><title>x</title></HEAD><BODY>Ol&aacute;, S&Atilde;O &#8211; &#x2022;</BODY>", "Olá, SÃO – •"],
  ["5 &lt; 6 &amp; 7 &foo; &#0; &#99999999;", "5 < 6 & 7 &foo; &#0; &#99999999;"],
  ["a<b", "a"],
  ["sem marcas", "sem marcas"],
  ["", ""],
])("%j reads %j", (html, text) => {
  expect(htmlText(html).replace(/ \n/gu, "\n")).toBe(text.replace(/ \n/gu, "\n"));
});

// Counts of steps cannot be seen from outside, so time is compared with itself: ten times the mail may not take more than thirty.
it.each(["<", "<style>", "<!--", "<p", "&", "&#", "<td> \n", "</style><style>"])(
  "a mail of %j alone takes time in proportion to it",
  (unit) => {
    const cpu = (length: number): number => {
      const html = unit.repeat(Math.ceil(length / unit.length));
      const before = process.cpuUsage();
      htmlText(html);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    cpu(50_000);
    const few = Math.max(cpu(50_000), cpu(50_000), 3_000);
    expect(cpu(500_000)).toBeLessThan(30 * few);
  },
);

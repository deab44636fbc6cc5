// Tying services to accounts: by name, by domain, and never by guess.
import { describe, expect, it } from "vitest";
import type { Account } from "../ports/control-panel.ts";
import type { LinkableService } from "../store/links.ts";
import { matchAccounts, matchThere } from "./match-accounts.ts";

const service = (ref: string, name = "Hospedagem", more: Partial<LinkableService> = {}): LinkableService => ({
  serviceId: 1,
  ref,
  name,
  customerRef: "C1",
  email: null,
  panel: null,
  account: null,
  ...more,
});
const account = (name: string, ...also: string[]): Account => ({ name, access: { access: "active" }, also });
const pairsOf = (...args: Parameters<typeof matchAccounts>) =>
  matchAccounts(...args).pairs.map((pair) => `${pair.service.ref}=${pair.account}`);

describe("services are tied to accounts", () => {
  it("by user name, whatever the case", () => {
    const services = [service("padaria"), service("1042", "Alice"), service("1043", "Outro")];
    expect(pairsOf(services, [account("alice"), account("Padaria"), account("bob")], "web1", "user")).toEqual([
      "padaria=Padaria",
      "1042=alice",
    ]);
  });

  it("by a domain in the service's name, with or without www", () => {
    const services = [service("1", "Hospedagem Plus - www.Loja.com.br"), service("2", "Plano (blog.test)"), service("3", "Sem domínio.")];
    const accounts = [account("loja", "loja.com.br", "ana@mail.test"), account("blog.test")];
    expect(pairsOf(services, accounts, "web1", "domain")).toEqual(["1=loja", "2=blog.test"]);
  });

  it("never where there are two of either: a person chooses", () => {
    const found = matchAccounts(
      [service("1", "loja.test"), service("2", "loja.test"), service("3", "a.test b.test")],
      [account("loja", "loja.test"), account("a", "a.test"), account("b", "b.test")],
      "web1",
      "domain",
    );
    expect(found.pairs).toEqual([]);
    expect(found.ambiguous).toEqual([
      { services: ["1", "2"], accounts: ["loja"] },
      { services: ["3"], accounts: ["a", "b"] },
    ]);
  });

  it("and what matches nothing is told on either side; what is tied already takes no part", () => {
    const found = matchAccounts(
      [
        service("tied", "x", { panel: "web1", account: "alice" }),
        service("elsewhere", "x", { panel: "web2", account: "bob" }),
        service("lonely"),
      ],
      [account("alice"), account("bob"), account("carol")],
      "web1",
      "user",
    );
    expect(found.services.map(({ ref }) => ref)).toEqual(["lonely"]);
    expect(found.accounts.map(({ name }) => name)).toEqual(["bob", "carol"]);
  });
});

describe("accounts as the billing system knows them", () => {
  const known = new Map([
    ["1", { username: "Ana", domain: "ana.example" }],
    ["2", { username: null, domain: "www.bia.example" }],
    ["3", { username: "caio", domain: "dora.example" }],
    ["4", { username: "eva", domain: null }],
    ["5", { username: "eva", domain: null }],
    ["6", { username: "gone", domain: "gone.example" }],
  ]);
  const panel: Account[] = [
    { name: "ana", access: { access: "active" }, also: ["ana.example"] },
    { name: "b1", access: { access: "active" }, also: ["bia.example"] },
    { name: "caio", access: { access: "active" }, also: ["caio.example"] },
    { name: "dora", access: { access: "active" }, also: ["dora.example"] },
    { name: "eva", access: { access: "active" } },
  ];

  it("are matched by user name and domain; what names two accounts, or is named by two services, is a person's", () => {
    const all = ["1", "2", "3", "4", "5", "6"].map((ref, i) => ({
      serviceId: i + 1,
      ref,
      name: "Plano",
      customerRef: "c",
      email: null,
      panel: null,
      account: null,
    }));
    const { pairs, ambiguous, services, accounts } = matchThere(all, known, panel, "web1");
    expect(pairs.map(({ service, account }) => [service.ref, account])).toEqual([
      ["1", "ana"],
      ["2", "b1"],
    ]);
    expect(ambiguous).toEqual([
      { services: ["3"], accounts: ["caio", "dora"] },
      { services: ["4", "5"], accounts: ["eva"] },
    ]);
    expect(services.map(({ ref }) => ref)).toEqual(["6"]);
    expect(accounts).toEqual([]);
  });
});

// Saved views: filters of the customers' list under a name, each person's own.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VIEWS_MAX } from "../src/engine/saved-views.ts";
import { openSite, type Person, type Site } from "./support/console.ts";

let open: Site;
let ana: Person;
let bia: Person;

beforeAll(async () => {
  open = await openSite();
  ana = await open.site.person("support", "ana@provedor.example");
  bia = await open.site.person("auditor", "bia@provedor.example");
});

afterAll(() => open.close());

interface View {
  id: number;
  name: string;
  search: object;
}
const viewsOf = async (person: Person): Promise<View[]> => ((await person.ask("GET", "/admin/me/views")).body as { views: View[] }).views;
const save = (person: Person, name: string, search: object = { filter: "suspended" }) =>
  person.ask("POST", "/admin/me/views", { body: { name, search } });

describe("saved views", () => {
  it("keep the filters of the list under a name, in the order of their names", async () => {
    const search = { filter: "late", search: "padaria", daysFrom: 5, daysTo: 30 };
    expect(await save(ana, "  Segunda de manhã ", search)).toMatchObject({ code: 201, body: { name: "Segunda de manhã", search } });
    await save(ana, "fora do ar");
    expect(await viewsOf(ana)).toMatchObject([{ name: "fora do ar" }, { name: "Segunda de manhã", search }]);
  });

  it("are their owner's alone: a colleague neither sees, renames nor deletes them", async () => {
    const [view] = await viewsOf(ana);
    expect(await viewsOf(bia)).toEqual([]);
    const path = `/admin/me/views/${view?.id}`;
    expect((await bia.ask("POST", `${path}/rename`, { body: { name: "minha" } })).body.code).toBe("view_unknown");
    expect((await bia.ask("POST", `${path}/forget`)).body.code).toBe("view_unknown");
    expect(await viewsOf(ana)).toContainEqual(view);
  });

  it("take another name, and are forgotten", async () => {
    const [view] = await viewsOf(ana);
    const path = `/admin/me/views/${view?.id}`;
    expect((await ana.ask("POST", `${path}/rename`, { body: { name: "Fora do ar" } })).code).toBe(200);
    expect(await viewsOf(ana)).toContainEqual({ ...view, name: "Fora do ar" });
    expect((await ana.ask("POST", `${path}/rename`, { body: { name: "segunda DE manhã" } })).body.code).toBe("view_exists");
    expect((await ana.ask("POST", `${path}/forget`)).body).toEqual({ forgotten: true });
    expect((await viewsOf(ana)).map(({ name }) => name)).toEqual(["Segunda de manhã"]);
  });

  it("have a name once for each person, whatever its capitals, and are of a number that a menu holds", async () => {
    expect((await save(ana, "SEGUNDA DE MANHÃ")).body.code).toBe("view_exists");
    expect((await save(bia, "Segunda de manhã")).code).toBe(201);
    const names = Array.from({ length: VIEWS_MAX }, (_, i) => `v${i}`);
    const codes = (await Promise.all(names.map((name) => save(bia, name)))).map(({ code }) => code);
    expect(codes.filter((code) => code === 201)).toHaveLength(VIEWS_MAX - 1);
    expect(codes.filter((code) => code === 409)).toHaveLength(1);
    expect(await viewsOf(bia)).toHaveLength(VIEWS_MAX);
  });

  it("hold nothing but what the list is filtered by", async () => {
    for (const search of [{ filter: "nobody" }, { daysFrom: -1 }, { page: 2 }, { search: "a\nb" }])
      expect((await save(ana, "outra", search)).code, JSON.stringify(search)).toBe(400);
    expect((await save(ana, "  ", {})).code).toBe(400);
  });
});

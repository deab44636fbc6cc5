// Tests of the command groups: each adds the commands it is loaded for, and a call loads no more than it needs.
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { GROUPS, groupsFor } from "./groups.ts";

describe("a group of commands", () => {
  it.each(GROUPS.map((group) => ({ group, names: group.names.join(", ") })))("adds what it is loaded for: $names", async ({ group }) => {
    const program = new Command();
    (await group.load())(program, () => () => Promise.resolve());
    expect(program.commands.map((command) => command.name())).toEqual(group.names);
  });

  it("is loaded alone by its name, and with all others by a word that is none", () => {
    expect(groupsFor("explain").map(({ names }) => names)).toEqual([["customers", "show", "explain", "rehearse"]]);
    expect(groupsFor("exlpain")).toEqual(GROUPS);
    expect(groupsFor(undefined)).toEqual(GROUPS);
  });

  it("has names of its own", () => {
    const names = GROUPS.flatMap((group) => group.names);
    expect(new Set(names).size).toBe(names.length);
  });
});

import { describe, expect, it } from "vitest";
import { STRICT } from "../../agent/approvals/policy.test-support.ts";
import { Grants } from "./grants.ts";

/** The editor's state of a workspace, which anybody who can write to disk may have damaged. */
function state(stored: Readonly<Record<string, unknown>> = {}) {
  const values = new Map(Object.entries(stored));
  return {
    keys: () => [...values.keys()],
    get: (key: string, fallback?: unknown) => values.get(key) ?? fallback,
    update: async (key: string, value: unknown) => {
      // What is kept has to survive as JSON.
      if (value === undefined) values.delete(key);
      else values.set(key, JSON.parse(JSON.stringify(value)));
    },
  } as ConstructorParameters<typeof Grants>[0];
}

const command = (...words: string[]) =>
  ({ kind: "commands", rules: [{ words, rest: false }] }) as const;

describe("what was always allowed", () => {
  it("is part of every policy from then on, in every window that reads the state", async () => {
    const memento = state();
    await new Grants(memento).add({ kind: "edits" });
    await new Grants(memento).add(command("npm", "test"));
    expect(new Grants(memento).applyTo(STRICT)).toEqual({
      ...STRICT,
      edits: true,
      commands: [{ words: ["npm", "test"], rest: false }],
    });
  });

  it("is kept once, however often it was allowed", async () => {
    const grants = new Grants(state());
    for (let time = 0; time < 3; time++) await grants.add(command("ls"));
    expect(grants.applyTo(STRICT).commands).toHaveLength(1);
  });

  it("loses its oldest beyond 200", async () => {
    const grants = new Grants(state());
    for (let number = 0; number <= 200; number++) await grants.add(command("echo", `${number}`));
    const { commands } = grants.applyTo(STRICT);
    expect(commands).toHaveLength(200);
    expect(commands[0]?.words).toEqual(["echo", "1"]);
  });

  it("is nothing once it is forgotten", async () => {
    const grants = new Grants(state());
    await grants.add({ kind: "edits" });
    expect(await grants.clear()).toBe(1);
    expect(grants.applyTo(STRICT)).toEqual(STRICT);
    expect(await grants.clear()).toBe(0);
  });

  it.each([{}, "edits", [{ kind: "everything" }], [{ kind: "edits" }, { kind: "path" }]])(
    "is nothing where what is kept cannot be read: %j",
    (stored) => {
      expect(new Grants(state({ "kvasir.grants": stored })).applyTo(STRICT)).toEqual(STRICT);
    },
  );
});

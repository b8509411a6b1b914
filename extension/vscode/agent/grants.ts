import type * as vscode from "vscode";
import * as z from "zod";
import { type Grant, type Policy, withGrant } from "../../agent/approvals/decide.ts";

const KEY = "kvasir.grants";
/** The oldest goes first. */
const GRANTS_MAX = 200;

const StoredGrant = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("edits") }),
  z.object({ kind: z.literal("path"), path: z.string() }),
  z.object({
    kind: z.literal("commands"),
    rules: z.array(z.object({ words: z.array(z.string()), rest: z.boolean() })),
  }),
  z.object({ kind: z.literal("external"), tool: z.string() }),
]) satisfies z.ZodType<Grant>;

/**
 * What the user has allowed for good in this workspace. The editor keeps it with its own state of the
 * workspace, outside of the folder, so that no repository can bring its own.
 */
export class Grants {
  readonly #state: vscode.Memento;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  /** The policy with everything that was allowed. */
  applyTo(policy: Policy): Policy {
    return this.#read().reduce(withGrant, policy);
  }

  async add(grant: Grant): Promise<void> {
    const known = this.#read().filter((each) => JSON.stringify(each) !== JSON.stringify(grant));
    await this.#state.update(KEY, [...known, grant].slice(-GRANTS_MAX));
  }

  /** Answers how many there were. */
  async clear(): Promise<number> {
    const count = this.#read().length;
    await this.#state.update(KEY, undefined);
    return count;
  }

  #read(): readonly Grant[] {
    const stored = z.array(StoredGrant).safeParse(this.#state.get(KEY, []));
    return stored.success ? stored.data : [];
  }
}

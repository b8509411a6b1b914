import type { StaleSince } from "../../protocol/meter.ts";
import type { Ledger } from "../kv/ledger.ts";
import { ACTIVE } from "../kv/ledger.ts";

/** Edits that can be told. Cells that are older than so many of them are hardly left. */
const EDITS_MAX = 64;
/** Edits that one reading tells of. */
const TOLD_MAX = 3;

/** Remembers what each edit changed, as long as cells may be stale because of it. */
export class StaleEdits {
  readonly #edits = new Map<number, Omit<StaleSince, "tokens">>();

  note(edit: number, what: Omit<StaleSince, "tokens">): void {
    this.#edits.set(edit, what);
    const [oldest] = this.#edits.keys();
    if (this.#edits.size > EDITS_MAX && oldest !== undefined) this.#edits.delete(oldest);
  }

  /** Since which edits the cells in place are stale. */
  tell(ledger: Ledger): StaleSince[] {
    return [...ledger.staleEdits(ACTIVE)]
      .sort(([, one], [, other]) => other - one)
      .flatMap(([edit, tokens]) => {
        const what = this.#edits.get(edit);
        return what === undefined ? [] : [{ tokens, ...what }];
      })
      .slice(0, TOLD_MAX);
  }
}

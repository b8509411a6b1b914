import type { ToolCall } from "../../../protocol/segment.ts";

/** The same call in a row is run this often; then the model is told, then the turn ends. */
const SAME_CALLS_MAX = 2;

export type Repeat = "run" | "tell" | "end";

/** Notices a model that makes the same call again and again. */
export class Repeats {
  #key = "";
  #count = 0;

  judge({ name, arguments: given }: ToolCall): Repeat {
    const key = JSON.stringify([name, sorted(given)]);
    this.#count = key === this.#key ? this.#count + 1 : 1;
    this.#key = key;
    if (this.#count <= SAME_CALLS_MAX) return "run";
    return this.#count === SAME_CALLS_MAX + 1 ? "tell" : "end";
  }
}

/** The order of arguments means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, sorted(inner)]);
}

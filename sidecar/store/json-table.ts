import type { Database, RootDatabase } from "lmdb";

/** A table of the index. A value that cannot be read counts as absent. */
export class JsonTable<Value> {
  readonly #table: Database<string, string>;

  constructor(root: RootDatabase<string, string>, name: string) {
    this.#table = root.openDB({ name, encoding: "string" });
  }

  get(key: string): Value | undefined {
    return parse<Value>(this.#table.get(key));
  }

  all(): { hash: string; record: Value }[] {
    return [...this.#table.getRange()].flatMap(({ key, value }) => {
      const record = parse<Value>(value);
      return record === undefined ? [] : [{ hash: key, record }];
    });
  }

  put(key: string, value: Value): void {
    this.#table.putSync(key, JSON.stringify(value));
  }

  remove(key: string): void {
    this.#table.removeSync(key);
  }
}

function parse<Value>(text: string | undefined): Value | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

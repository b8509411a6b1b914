import type { PlaceInList, StoredText, TextStore } from "./session-store.ts";

/** Texts in memory, in the order in which they were written. */
export class Texts implements TextStore {
  readonly all = new Map<string, string>();

  async list(): Promise<readonly StoredText[]> {
    const names = [...this.all.keys()];
    return names.map((name, index) => ({ name, writtenMs: index })).toReversed();
  }
  async read(name: string): Promise<string | null> {
    return this.all.get(name) ?? null;
  }
  async write(name: string, text: string, place?: PlaceInList): Promise<void> {
    if (place !== "same") this.all.delete(name);
    this.all.set(name, text);
  }
  async rename(from: string, to: string): Promise<void> {
    await this.write(to, this.all.get(from) ?? "");
    this.all.delete(from);
  }
  async remove(name: string): Promise<void> {
    this.all.delete(name);
  }
}

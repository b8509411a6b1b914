/** A text with line feeds only, and where its lines are. Built once for all blocks of an edit. */
export class SourceText {
  readonly text: string;
  /** Without their line feeds. */
  readonly lines: readonly string[];
  /** Where each line begins, and at the end one more: where a further line would. */
  readonly starts: readonly number[];
  #keys: readonly string[] | undefined;

  constructor(text: string) {
    const lines: string[] = [];
    const starts: number[] = [];
    let start = 0;
    while (start < text.length) {
      const feed = text.indexOf("\n", start);
      const end = feed < 0 ? text.length : feed;
      lines.push(text.slice(start, end));
      starts.push(start);
      start = end + 1;
    }
    this.text = text;
    this.lines = lines;
    this.starts = [...starts, text.length];
  }

  /** The lines with white space made uniform; see `lineKey`. */
  get keys(): readonly string[] {
    return (this.#keys ??= this.lines.map(lineKey));
  }

  /** The index of the line that holds a character. */
  lineAt(offset: number): number {
    let [low, high] = [0, Math.max(0, this.lines.length - 1)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** What is left of a line when it does not matter which white space stands where there is some. */
export function lineKey(line: string): string {
  const trimmed = line.trim();
  // Most lines are that already, and replacing nothing would copy all of a large file.
  return /[^\S ]| {2}/.test(trimmed) ? trimmed.replace(/\s+/g, " ") : trimmed;
}

import { byteCharacters } from "./byte-to-unicode.ts";
import { PairHeap } from "./pair-heap.ts";

interface Word {
  symbols: number[];
  readonly count: number;
}

// Symbols are numbered below 2^16, so a pair fits one integer that is exact in a double.
const symbolCountMaximum = 0x1_0000;

function pairKey(left: number, right: number): number {
  return left * symbolCountMaximum + right;
}

/**
 * Counts adjacent pairs over all words and keeps the counts right as pairs merge. Only the words that
 * hold the merged pair are touched, which is what lets 8,000 merges end in seconds.
 */
class PairCounter {
  readonly #counts = new Map<number, number>();
  readonly #wordIndexes = new Map<number, Set<number>>();
  readonly #heap = new PairHeap();
  readonly #words: readonly Word[];

  constructor(words: readonly Word[]) {
    this.#words = words;
    words.forEach((word, index) => this.#addWord(word, index, 1));
    for (const key of this.#counts.keys()) this.#pushToHeap(key);
  }

  takeMostFrequent(): { left: number; right: number; count: number } | undefined {
    for (let pair = this.#heap.pop(); pair !== undefined; pair = this.#heap.pop()) {
      // A heap entry whose count has changed since is stale: a newer entry follows it.
      if (this.#counts.get(pairKey(pair.left, pair.right)) === pair.count) return pair;
    }
    return undefined;
  }

  merge(left: number, right: number, merged: number): void {
    const changedKeys = new Set<number>();
    for (const index of this.#wordIndexes.get(pairKey(left, right)) ?? []) {
      const word = this.#words[index] as Word;
      this.#addWord(word, index, -1, changedKeys);
      word.symbols = mergeInside(word.symbols, left, right, merged);
      this.#addWord(word, index, 1, changedKeys);
    }
    for (const key of changedKeys) this.#pushToHeap(key);
  }

  #addWord(word: Word, index: number, sign: 1 | -1, changedKeys?: Set<number>): void {
    const { symbols, count } = word;
    for (let position = 0; position + 1 < symbols.length; position++) {
      const key = pairKey(symbols[position] as number, symbols[position + 1] as number);
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + sign * count);
      changedKeys?.add(key);
      const indexes = this.#wordIndexes.get(key) ?? new Set<number>();
      if (sign === 1) indexes.add(index);
      else indexes.delete(index);
      this.#wordIndexes.set(key, indexes);
    }
  }

  #pushToHeap(key: number): void {
    const count = this.#counts.get(key) ?? 0;
    if (count <= 0) {
      this.#counts.delete(key);
      this.#wordIndexes.delete(key);
      return;
    }
    const right = key % symbolCountMaximum;
    this.#heap.push({ left: (key - right) / symbolCountMaximum, right, count });
  }
}

function mergeInside(symbols: number[], left: number, right: number, merged: number): number[] {
  const result: number[] = [];
  for (let position = 0; position < symbols.length; position++) {
    if (symbols[position] === left && symbols[position + 1] === right) {
      result.push(merged);
      position++;
    } else {
      result.push(symbols[position] as number);
    }
  }
  return result;
}

/**
 * Learns byte-pair merges from pieces of text and the number of times each occurs. Returns the merges
 * in the order they were made, as "left right" in byte characters.
 */
export function learnMerges(
  pieceCounts: ReadonlyMap<string, number>,
  mergeCount: number,
): string[] {
  const words = [...pieceCounts].map(([piece, count]): Word => {
    return { symbols: [...Buffer.from(piece, "utf8")], count };
  });
  const counter = new PairCounter(words);
  const symbolTexts: string[] = [...byteCharacters];
  // Different pairs can spell the same token. The vocabulary lists each spelling once, so the second
  // pair takes the number of the first.
  const symbolNumbers = new Map(symbolTexts.map((text, number) => [text, number]));
  const merges: string[] = [];
  while (merges.length < mergeCount) {
    const pair = counter.takeMostFrequent();
    if (pair === undefined || pair.count < 2) break;
    const left = symbolTexts[pair.left] as string;
    const right = symbolTexts[pair.right] as string;
    let merged = symbolNumbers.get(left + right);
    if (merged === undefined) {
      merged = symbolTexts.push(left + right) - 1;
      symbolNumbers.set(left + right, merged);
    }
    merges.push(`${left} ${right}`);
    counter.merge(pair.left, pair.right, merged);
  }
  return merges;
}

/** A pair of adjacent symbols with the number of times it occurred when it was pushed. */
export interface CountedPair {
  readonly left: number;
  readonly right: number;
  readonly count: number;
}

// Ties go to the pair of lower symbol numbers, so that the same corpus always gives the same merges.
function comesBefore(first: CountedPair, second: CountedPair): boolean {
  if (first.count !== second.count) return first.count > second.count;
  if (first.left !== second.left) return first.left < second.left;
  return first.right < second.right;
}

/** A binary heap that yields the most frequent pair first. */
export class PairHeap {
  readonly #pairs: CountedPair[] = [];

  push(pair: CountedPair): void {
    const pairs = this.#pairs;
    let index = pairs.push(pair) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!comesBefore(pair, pairs[parent] as CountedPair)) break;
      pairs[index] = pairs[parent] as CountedPair;
      index = parent;
    }
    pairs[index] = pair;
  }

  pop(): CountedPair | undefined {
    const pairs = this.#pairs;
    const top = pairs[0];
    const last = pairs.pop();
    if (top === undefined || last === undefined || pairs.length === 0) return top;
    this.#sinkFromTop(last);
    return top;
  }

  #sinkFromTop(pair: CountedPair): void {
    const pairs = this.#pairs;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= pairs.length) break;
      const sibling = child + 1;
      if (
        sibling < pairs.length &&
        comesBefore(pairs[sibling] as CountedPair, pairs[child] as CountedPair)
      ) {
        child = sibling;
      }
      if (!comesBefore(pairs[child] as CountedPair, pair)) break;
      pairs[index] = pairs[child] as CountedPair;
      index = child;
    }
    pairs[index] = pair;
  }
}

/** The values of a longest increasing subsequence. The values must differ from each other. */
export function longestIncreasing(values: readonly number[]): Set<number> {
  /** By length: the smallest value that an increasing subsequence of this length can end with. */
  const ends: number[] = [];
  const before = new Map<number, number | undefined>();
  for (const value of values) {
    const length = countBelow(ends, value);
    before.set(value, ends[length - 1]);
    ends[length] = value;
  }
  const chosen = new Set<number>();
  for (let value = ends.at(-1); value !== undefined; value = before.get(value)) chosen.add(value);
  return chosen;
}

function countBelow(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

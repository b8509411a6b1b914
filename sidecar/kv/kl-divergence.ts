/**
 * How far probabilities of next tokens are from the exact ones, in nats. Rounding lets two equal
 * distributions differ by about a millionth, in either direction.
 */
export function klDivergence(
  exact: ReadonlyMap<number, number>,
  other: ReadonlyMap<number, number>,
): number {
  let sum = 0;
  for (const [token, share] of exact) {
    if (share > 0) sum += share * Math.log(share / (other.get(token) ?? Number.MIN_VALUE));
  }
  return sum;
}

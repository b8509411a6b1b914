/** How far two distributions over the next token are apart. */
export type Drift = {
  /** Kullback-Leibler divergence of the second from the first, in nats. */
  readonly kl: number;
  /** Whether both think the same token the most likely. */
  readonly sameTop1: boolean;
};

export function driftBetween(
  exact: ReadonlyMap<number, number>,
  other: ReadonlyMap<number, number>,
): Drift {
  let kl = 0;
  for (const [token, share] of exact) {
    if (share > 0) kl += share * Math.log(share / (other.get(token) ?? Number.MIN_VALUE));
  }
  return { kl, sameTop1: mostLikely(exact) === mostLikely(other) };
}

function mostLikely(probabilities: ReadonlyMap<number, number>): number | null {
  let best: number | null = null;
  let most = -1;
  for (const [token, share] of probabilities) {
    if (share > most) [best, most] = [token, share];
  }
  return best;
}

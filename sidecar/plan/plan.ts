/**
 * What has to happen so that the wanted tokens become resident. The steps run in order; each says
 * what it does to the cells. Reuse of other kinds adds steps here and nowhere else.
 */
export type Plan = {
  readonly steps: readonly Step[];
  /** Wanted tokens that stay resident as the common prefix. */
  readonly prefixTokens: number;
  /** Wanted tokens to be computed. */
  readonly prefillTokens: number;
  /** Where wanted leaves resident, if anything resident is lost by it. */
  readonly divergence: { readonly tokenIndex: number; readonly droppedTokens: number } | null;
};

export type Step =
  | { readonly kind: "trim"; readonly length: number }
  | { readonly kind: "prefill"; readonly from: number; readonly to: number };

/**
 * Keeps the common prefix and prefills the rest.
 *
 * @param leave wanted tokens at the end that someone else will decode: sampling needs the logits
 * of the last one, so generation leaves 1 and warming up leaves 0.
 */
export function planPrefix(
  wanted: readonly number[],
  resident: readonly number[],
  leave: 0 | 1,
): Plan {
  const common = commonPrefix(wanted, resident);
  const to = wanted.length - leave;
  const keep = Math.min(common, to);
  const steps: Step[] = [];
  if (keep < resident.length && (leave === 1 || common < wanted.length)) {
    steps.push({ kind: "trim", length: keep });
  }
  if (keep < to) steps.push({ kind: "prefill", from: keep, to });
  const droppedTokens = resident.length - common;
  return {
    steps,
    prefixTokens: keep,
    prefillTokens: wanted.length - keep,
    divergence:
      droppedTokens > 0 && common < wanted.length ? { tokenIndex: common, droppedTokens } : null,
  };
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  let index = 0;
  while (index < length && a[index] === b[index]) index++;
  return index;
}

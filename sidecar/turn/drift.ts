import type { Drift, DriftStatistics } from "../../protocol/meter.ts";
import { klDivergence } from "../kv/kl-divergence.ts";

/** Takes in what one more repair of a model found and answers what all of them found. */
export type DriftLog = (latest: Drift) => DriftStatistics;

type Probabilities = ReadonlyMap<number, number>;

/** How far what spliced cells predict is from what exact ones do. */
export function driftBetween(exact: Probabilities, spliced: Probabilities): Drift {
  return {
    kl: klDivergence(exact, spliced),
    sameTop1: mostLikely(exact) === mostLikely(spliced),
  };
}

function mostLikely(probabilities: Probabilities): number | null {
  let best: number | null = null;
  let most = -1;
  for (const [token, share] of probabilities) {
    if (share > most) [best, most] = [token, share];
  }
  return best;
}

/** Adds what one more repair found. */
export function withDrift(statistics: DriftStatistics | null, latest: Drift): DriftStatistics {
  const before = statistics ?? { repairs: 0, klMean: 0, klMax: 0, sameTop1Share: 0 };
  const repairs = before.repairs + 1;
  const mean = (old: number, newest: number): number => old + (newest - old) / repairs;
  return {
    repairs,
    klMean: mean(before.klMean, latest.kl),
    klMax: Math.max(before.klMax, latest.kl),
    sameTop1Share: mean(before.sameTop1Share, latest.sameTop1 ? 1 : 0),
  };
}

/** A log that is forgotten with whoever holds it. */
export function driftLog(): DriftLog {
  let statistics: DriftStatistics | null = null;
  return (latest) => {
    statistics = withDrift(statistics, latest);
    return statistics;
  };
}

import { UNMEASURED } from "./cost.ts";
import { type Plan, type PlanOptions, planReuse } from "./plan.ts";
import { Standing, type Stretch } from "./standing.ts";

/** What a plan does to cells that hold `resident`: kept tokens come from there. */
export function carriedOut(
  plan: Plan,
  wanted: readonly number[],
  resident: readonly number[],
): number[] {
  const cells: number[] = [];
  let residentEnd = 0;
  for (const piece of plan.pieces) {
    const from = piece.kind === "keep" ? piece.wanted : piece.from;
    if (from !== cells.length) throw new Error("That is not where the cells end.");
    if (piece.kind === "prefill") {
      if (piece.to <= piece.from) throw new Error("There is nothing to prefill there.");
      cells.push(...wanted.slice(piece.from, piece.to));
      continue;
    }
    if (piece.resident < residentEnd) throw new Error("A kept run goes backwards.");
    residentEnd = piece.resident + piece.length;
    if (residentEnd > resident.length) throw new Error("More is kept than there is.");
    cells.push(...resident.slice(piece.resident, residentEnd));
  }
  return cells;
}

/** Where the cells of a plan stand when it is carried out on cells that stand like this. */
export function positionsAfter(plan: Plan, stretches: readonly Stretch[]): number[] {
  const standing = new Standing(stretches);
  const positions: number[] = [];
  for (const piece of plan.pieces) {
    const next = (positions.at(-1) ?? -1) + 1;
    if (piece.kind === "prefill") {
      for (let token = piece.from; token < piece.to; token++) {
        positions.push(next + token - piece.from);
      }
      continue;
    }
    for (let index = piece.resident; index < piece.resident + piece.length; index++) {
      positions.push(standing.positionAt(index) + piece.delta);
    }
    const first = positions.at(-piece.length);
    if (piece.length > 0 && first! < next)
      throw new Error("A kept run is among what is before it.");
  }
  return positions;
}

export function prefilled({ pieces }: Plan): number {
  return pieces.reduce((total, piece) => {
    return piece.kind === "prefill" ? total + piece.to - piece.from : total;
  }, 0);
}

/** As a plan was before cells could move: all resident cells exact, and only those reused. */
export function exactly(
  wanted: readonly number[],
  resident: readonly number[],
  leave: 0 | 1,
): Plan {
  return planReuse(wanted, resident, optionsFor(resident, { reuse: "exact", leave }));
}

export function spliced(
  wanted: readonly number[],
  resident: readonly number[],
  options: Partial<PlanOptions> = {},
): Plan {
  return planReuse(wanted, resident, optionsFor(resident, options));
}

function optionsFor(resident: readonly number[], options: Partial<PlanOptions>): PlanOptions {
  return {
    reuse: "splice",
    leave: 0,
    exactTokens: resident.length,
    healTokens: 0,
    landing: (tokens) => tokens,
    runsMax: 20,
    canShift: () => true,
    stretches: [{ index: 0, position: 0 }],
    positionsMax: Number.POSITIVE_INFINITY,
    speeds: UNMEASURED,
    ...options,
  };
}

/** Text of which no stretch occurs in one of another number. */
export function text(number: number, length = 100): number[] {
  return Array.from({ length }, (_, index) => 1000 * (number + 1) + index);
}

import { isDeepStrictEqual } from "node:util";
import type { CellReuse, ModelFacts } from "../../protocol/model.ts";
import type { CellMoves, Engine, LoadEngine } from "../engine/engine.ts";
import { checkMoves } from "../kv/self-check.ts";

const UNCLEAR = "a check at loading could not tell whether its cells survive being moved";

/**
 * Loads engines and checks, before anyone else uses them, whether their cells survive being moved.
 * What fails is hidden, so that a wrong library or model makes answers slower and not wrong.
 */
export function withSelfCheck(load: LoadEngine): LoadEngine {
  // A model that comes back after it was idle is still what it was.
  let last: { readonly facts: ModelFacts; readonly found: CellReuse } | null = null;
  return async (config, options) => {
    const engine = await load(config, options);
    const { facts } = engine;
    if (engine.cells.moves === null) return engine;
    if (last === null || !isDeepStrictEqual(last.facts, facts)) {
      try {
        last = { facts, found: await reuseOf(engine, options.signal) };
      } catch (error) {
        await engine.dispose();
        throw error;
      }
    }
    return restrictedTo(last.found, engine);
  };
}

async function reuseOf(engine: Engine, signal: AbortSignal): Promise<CellReuse> {
  const found = "a check at loading found other probabilities after its";
  try {
    const check = await checkMoves(engine, signal);
    if (check.kind === "passed") return engine.facts.cellReuse;
    if (check.kind === "unclear") return { kind: "prefix", reason: UNCLEAR };
    return check.primitive === "shift"
      ? { kind: "sameLength", reason: `${found} keys were rotated` }
      : { kind: "prefix", reason: `${found} cells were moved` };
  } catch (error) {
    if (signal.aborted) throw error;
    process.stderr.write(`The check of the cells failed: ${String(error)}\n`);
    return { kind: "prefix", reason: "a check at loading could not move its cells" };
  }
}

function restrictedTo(cellReuse: CellReuse, engine: Engine): Engine {
  if (isDeepStrictEqual(cellReuse, engine.facts.cellReuse)) return engine;
  const { cells, cellFiles } = engine;
  const { moves } = cells;
  const keepsMoves = cellReuse.kind === "sameLength" && moves !== null;
  return {
    facts: { ...engine.facts, cellReuse },
    chat: engine.chat,
    tokenizer: engine.tokenizer,
    cells: {
      batchTokens: cells.batchTokens,
      evaluatedTokens: () => cells.evaluatedTokens(),
      resident: () => cells.resident(),
      trim: (position) => cells.trim(position),
      decode: (tokens) => cells.decode(tokens),
      moves: keepsMoves ? withoutShift(moves) : null,
      checkpoint: cells.checkpoint,
      checkpointLengths: () => cells.checkpointLengths(),
    },
    // A block is written out of cells that others were moved away from.
    ...(keepsMoves && cellFiles !== undefined ? { cellFiles } : {}),
    // Cells that cannot be moved belong to one conversation at a time, so there is one seat.
    openSeat: keepsMoves ? () => engine.openSeat() : () => ({ take: () => undefined }),
    generate: (request) => engine.generate(request),
    probabilitiesAfter: (token) => engine.probabilitiesAfter(token),
    dispose: () => engine.dispose(),
  };
}

function withoutShift(moves: CellMoves): CellMoves {
  return {
    canShift: false,
    copy: (source, target) => moves.copy(source, target),
    remove: (branch, from, to) => moves.remove(branch, from, to),
    drop: (branch) => moves.drop(branch),
    shift: () => {
      throw new Error("The keys of this model cannot be rotated.");
    },
    extentOf: (branch) => moves.extentOf(branch),
    settle: (tokens, positions) => moves.settle(tokens, positions),
  };
}

import { availableParallelism, cpus, totalmem } from "node:os";
import type { ModelFacts } from "../../protocol/model.ts";

/** What the JSON of every benchmark begins with, so that figures can be compared at all. */
export type BenchReport<Row, Summary> = {
  readonly bench: string;
  /** Rises when the meaning of the rows or of the summary changes. */
  readonly version: number;
  readonly model: Pick<ModelFacts, "name" | "parameters" | "bytes">;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly gpu: string | null;
  };
  readonly rows: readonly Row[];
  readonly summary: Summary;
};

export function reportOf<Row, Summary>(
  bench: { readonly name: string; readonly version: number },
  facts: ModelFacts,
  results: { readonly rows: readonly Row[]; readonly summary: Summary },
): BenchReport<Row, Summary> {
  const { name, parameters, bytes, gpu } = facts;
  return {
    bench: bench.name,
    version: bench.version,
    model: { name, parameters, bytes },
    machine: {
      cpu: cpus()[0]?.model.trim() ?? "unknown",
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      gpu,
    },
    ...results,
  };
}

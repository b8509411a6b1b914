import { createHash } from "node:crypto";
import type { CacheType } from "../../protocol/model.ts";
import type { CellFormat } from "../engine/engine.ts";

/** All that cells depend on besides the tokens. */
export type CellsIdentity = CellFormat & {
  /** Of every byte of the model's file, so a copy is the same model and a changed one is not. */
  readonly modelHash: string;
  /** Of the model in memory. The file at its path may be another one by now. */
  readonly fingerprint: string;
  readonly cacheType: CacheType;
  /** What is stored of such a model: the same name must not mean one and the other. */
  readonly kind: "blocks" | "state";
};

/** The root of every chain of blocks of one model under one configuration. */
export function identityHash(identity: CellsIdentity): string {
  const { modelHash, fingerprint, cacheType, engine, rope, gpu, kind } = identity;
  const parts = [modelHash, fingerprint, cacheType, engine, rope, gpu ?? "cpu", kind];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

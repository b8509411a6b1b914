import type { StoreRemoval, StoreStats, StoreVerification } from "../../protocol/store.ts";
import { countOf, formatBytes } from "./format.ts";

/** What people are told of the store on disk. */

export function storeSentence({ tokens, bytes, budgetBytes }: StoreStats): string {
  return `Kvasir keeps ${countOf(tokens, "token")} on disk: ${formatBytes(bytes)} of ${formatBytes(budgetBytes)}.`;
}

export function storeDetail({ folder, pinnedBytes, freeFloorBytes, models }: StoreStats): string {
  const perModel = models.map(
    ({ path, cacheType, blocks, bytes }) =>
      `${nameOf(path)} (${cacheType}): ${countOf(blocks, "block")}, ${formatBytes(bytes)}`,
  );
  return [
    ...perModel,
    ...(pinnedBytes === 0
      ? []
      : [`${formatBytes(pinnedBytes)} with which every new chat begins are kept longest.`]),
    `At least ${formatBytes(freeFloorBytes)} of the disk stay free.`,
    folder,
  ].join("\n");
}

export function verifiedSentence({ blocks, bytes, damaged }: StoreVerification): string {
  const sound = `${countOf(blocks, "block")} (${formatBytes(bytes)})`;
  if (damaged.length === 0) return `All that Kvasir keeps on disk is as it was stored: ${sound}.`;
  const were = damaged.length === 1 ? "was damaged and is" : "were damaged and are";
  return `${countOf(damaged.length, "block")} ${were} removed; ${sound} are as they were stored.`;
}

export function prunedSentence(removal: StoreRemoval): string {
  if (removal.blocks === 0) return "Kvasir keeps nothing on disk that cannot be used again.";
  return `Removed ${removed(removal)} that no model could use again.`;
}

/** What is in memory would be computed for nothing if it were not kept again. */
export function clearedSentence(removal: StoreRemoval): string {
  return `Removed ${removed(removal)} from disk. Chats that go on are kept again.`;
}

function removed({ blocks, bytes }: StoreRemoval): string {
  return `${countOf(blocks, "block")} (${formatBytes(bytes)})`;
}

function nameOf(path: string): string {
  return path.split(/[/\\]/u).at(-1) ?? path;
}

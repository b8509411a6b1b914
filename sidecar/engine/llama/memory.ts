import { freemem, platform, totalmem } from "node:os";

/** macOS counts its file cache as used, though it gives it up on demand. */
const MAC_USABLE_SHARE = 0.75;

/** Memory that a model can take without pushing others out, in bytes; knows about containers. */
export function freeMemoryBytes(): number {
  if (platform() === "darwin") return totalmem() * MAC_USABLE_SHARE;
  // Electron's Node may not have it yet.
  const available = process.availableMemory?.() ?? Number.POSITIVE_INFINITY;
  return Math.min(freemem(), available);
}

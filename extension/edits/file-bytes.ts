/** What a file holds; null where there is none. */
export type FileBytes = Uint8Array | null;

export function sameBytes(a: FileBytes, b: FileBytes): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

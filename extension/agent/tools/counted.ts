/** A number of things in words, as in “1 file” and “2 files”. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";

/** What can happen to a file of the store. */
export const DAMAGES: readonly (readonly [what: string, damage: (path: string) => void])[] = [
  ["a byte of its header is flipped", (path) => flip(path, 0)],
  ["a byte of its cells is flipped", (path) => flip(path, 0.5)],
  ["a byte of its ids is flipped", (path) => flip(path, 0.99)],
  ["a byte of its end is flipped", (path) => flip(path, 1)],
  ["it is cut in half", (path) => truncateSync(path, readFileSync(path).length / 2)],
  ["it loses its last byte", (path) => truncateSync(path, readFileSync(path).length - 1)],
  ["it is emptied", (path) => truncateSync(path, 0)],
  ["something is added to it", (path) => appendFileSync(path, "x")],
  ["it is deleted", (path) => rmSync(path)],
];

/** Changes one byte somewhere in a share of the file. */
function flip(path: string, share: number): void {
  const data = readFileSync(path);
  data[Math.floor((data.length - 1) * share)]! ^= 0x10;
  writeFileSync(path, data);
}

/** Lines of a text. One that ends with a line end has no further, empty line. */
export function lineCount(text: string): number {
  const ends = text.split("\n").length;
  return ends > 1 && text.endsWith("\n") ? ends - 1 : ends;
}

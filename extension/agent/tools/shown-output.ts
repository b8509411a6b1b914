/** Lines of an output that a result shows from its begin and its end. */
const HEAD_LINES = 30;
const TAIL_LINES = 60;
const SHOWN_CHARACTERS_MAX = 12_000;

/**
 * All of a short output; head and tail of a long one, and how to read the rest.
 *
 * @param keep keeps the whole output and answers the name under which it can be read.
 */
export function shownOutput(output: string, keep: (whole: string) => string): string {
  const whole = output.trimEnd();
  const lines = whole.split("\n");
  if (lines.length <= HEAD_LINES + TAIL_LINES && whole.length <= SHOWN_CHARACTERS_MAX) return whole;
  const half = SHOWN_CHARACTERS_MAX / 2;
  const head = lines.slice(0, HEAD_LINES).join("\n").slice(0, half);
  const tail = lines.slice(-TAIL_LINES).join("\n").slice(-half);
  const note = `[${lines.length} lines in all; read_file with path "${keep(whole)}" shows the others]`;
  return [head, note, tail].join("\n").toWellFormed();
}

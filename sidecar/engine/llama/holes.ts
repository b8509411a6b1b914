/**
 * Stands for a position without a cell in the library's list of resident ids, where index and
 * position are one. No vocabulary has it, so decoding it would fail and not go unseen.
 */
const HOLE = -1;

/** Ids by position. */
export function withHoles(tokens: readonly number[], positions: readonly number[]): number[] {
  // Without a hole, which is so most of the time, the ids are what is wanted.
  if (tokens.length === 0 || positions.at(-1) === tokens.length - 1) return tokens.slice();
  const filled: number[] = [];
  for (let index = 0; index < tokens.length; index++) {
    while (filled.length < positions[index]!) filled.push(HOLE);
    filled.push(tokens[index]!);
  }
  return filled;
}

/**
 * A prompt as the library has to see it: with the holes of what is resident, so that it recognises
 * its front and decodes the last token alone.
 */
export function acrossHoles(
  prompt: readonly number[],
  resident: readonly number[],
): readonly number[] {
  if (!resident.includes(HOLE)) return prompt;
  const held = resident.filter((id) => id !== HOLE);
  const front = prompt.slice(0, -1);
  if (held.length !== front.length || held.some((id, index) => id !== front[index])) {
    throw new Error("The prompt is not resident up to its last token.");
  }
  return [...resident, ...prompt.slice(-1)];
}

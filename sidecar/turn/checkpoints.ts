import type { Window } from "../history/window.ts";
import type { WantedTokens } from "../prompt/tokenise.ts";

/** Tokens from one kept state to the next, where nothing else asks for one. */
const CHECKPOINT_SPACING = 1024;
/** Kept states of one prompt that only its length asks for; a long one has them further apart. */
const SPACED_MAX = 16;

/**
 * Lengths at which the state of a prompt is worth keeping, for engines that cannot cut it: a later
 * prompt goes on from the last of them before it differs. What changes is the end of a prompt, so
 * its last two texts have one behind each; what is shared by conversations is its stable front; and
 * in between there is one now and then, always behind the text of a segment.
 */
export function checkpointsFor(wanted: WantedTokens, window: Window): number[] {
  const { tokens } = wanted;
  const ends = endsOf(wanted);
  const lengths = new Set(ends.slice(-2).map(({ endToken }) => endToken));
  lengths.add(stableFront(wanted, window));
  const spacing = Math.max(CHECKPOINT_SPACING, tokens.length / SPACED_MAX);
  let last = 0;
  for (const { endToken } of ends) {
    if (endToken - last >= spacing) lengths.add(endToken);
    if (lengths.has(endToken)) last = endToken;
  }
  // Where generation begins: the last token is decoded with the answer.
  lengths.add(tokens.length - 1);
  return [...lengths].filter((length) => length > 0).sort((a, b) => a - b);
}

/** Tokens of the stable front of a prompt, with which other conversations begin as well. */
export function stableFront(wanted: WantedTokens, { segments }: Window): number {
  const stableIds = new Set<string | null>();
  for (const { id, stability } of segments) {
    if (stability !== "core" && stability !== "guidance") break;
    stableIds.add(id);
  }
  return endsOf(wanted).findLast(({ segmentId }) => stableIds.has(segmentId))?.endToken ?? 0;
}

/** The last part of each text of a segment. */
function endsOf({ owners }: WantedTokens): WantedTokens["owners"] {
  return owners.filter(
    ({ segmentId }, index) => segmentId !== null && owners[index + 1]?.segmentId !== segmentId,
  );
}

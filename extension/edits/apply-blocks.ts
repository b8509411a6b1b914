import { failed, type BlockFailure } from "./block-failure.ts";
import { putLineEnds, takeLineEnds } from "./line-ends.ts";
import { locateBlock, type EditBlock, type LocatedBlock, type Match } from "./locate-block.ts";
import { SourceText } from "./source-text.ts";

/** Blocks of one edit; more are a sign of a model that runs in circles. */
export const BLOCKS_MAX = 100;

export type ApplyOutcome =
  | {
      readonly kind: "applied";
      readonly text: string;
      /** For each block, in the order in which they were given. */
      readonly matches: readonly Match[];
    }
  | BlockFailure;

/**
 * Applies the search-and-replace blocks of a model to a text, all or none. Every block is looked for
 * in the text as it was before, so their order does not matter. Nothing outside what they replace changes.
 */
export function applyBlocks(text: string, blocks: readonly EditBlock[]): ApplyOutcome {
  if (blocks.length === 0) return failed(0, "empty", "The edit holds no blocks.");
  if (blocks.length > BLOCKS_MAX) {
    return failed(BLOCKS_MAX, "tooMany", `The edit holds more than ${BLOCKS_MAX} blocks.`);
  }
  const plain = takeLineEnds(text);
  const source = new SourceText(plain.text);
  const located: LocatedBlock[] = [];
  for (const [index, { search, replace }] of blocks.entries()) {
    const block = { search: withLineFeeds(search), replace: withLineFeeds(replace) };
    const outcome =
      block.search === "" ? fill(source, block, index) : locateBlock(source, block, index);
    if (outcome.kind === "failed") return hinted(outcome, block, blocks);
    located.push(outcome);
  }
  const overlap = firstOverlap(located);
  if (overlap !== undefined) return overlap;
  const changed = replaced(plain.text, located);
  if (changed === plain.text) {
    return failed(0, "unchanged", "The edit changes nothing: the file already reads like that.");
  }
  const matches = located.map(({ match }) => match);
  return { kind: "applied", text: putLineEnds(changed, plain), matches };
}

/** An empty search has a meaning in an empty file only: there is just one place. */
function fill(
  source: SourceText,
  { replace }: EditBlock,
  block: number,
): LocatedBlock | BlockFailure {
  if (source.text !== "") {
    const sentence = `The search of block ${block + 1} is empty; give it the lines to replace.`;
    return failed(block, "empty", sentence);
  }
  const match = { how: "exact", startLine: 1, endLine: 1, similarity: 1 } as const;
  return { kind: "located", start: 0, end: 0, replacement: replace, match };
}

function firstOverlap(located: readonly LocatedBlock[]): BlockFailure | undefined {
  const inOrder = located
    .map(({ start, end, match }, block) => ({ start, end, match, block }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  for (const [index, { start, match, block }] of inOrder.entries()) {
    const previous = inOrder[index - 1];
    if (previous === undefined || (previous.end <= start && previous.start < start)) continue;
    const [first, second] = [block, previous.block].sort((a, b) => a - b);
    return failed(
      second!,
      "overlap",
      `Blocks ${first! + 1} and ${second! + 1} both change line ${match.startLine}; make one block of them.`,
    );
  }
  return undefined;
}

function replaced(text: string, located: readonly LocatedBlock[]): string {
  const parts: string[] = [];
  let next = 0;
  for (const { start, end, replacement } of located.toSorted((a, b) => a.start - b.start)) {
    parts.push(text.slice(next, start), replacement);
    next = end;
  }
  parts.push(text.slice(next));
  return parts.join("");
}

/** Models like to write blocks that build on each other. */
function hinted(
  failure: BlockFailure,
  block: EditBlock,
  blocks: readonly EditBlock[],
): BlockFailure {
  if (failure.reason !== "missing") return failure;
  const writer = blocks
    .slice(0, failure.block)
    .findIndex(({ replace }) => withLineFeeds(replace).includes(block.search));
  if (writer < 0) return failure;
  const sentence =
    `The search of block ${failure.block + 1} is not in the file as it is, but in what block ` +
    `${writer + 1} writes; make one block of them.`;
  return { ...failure, sentence };
}

function withLineFeeds(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

import * as z from "zod";
import { Id, Segment, Stability, Text, Tool } from "./segment.ts";

/** Zero-based line and UTF-16 character, as in LSP. */
const Position = z.object({
  line: z.int().nonnegative(),
  character: z.int().nonnegative(),
});

/** One change of a text. Several apply one after the other, each to the result of the last. */
export const TextChange = z.object({
  range: z.object({ start: Position, end: Position }),
  text: Text,
});
export type TextChange = z.infer<typeof TextChange>;

/** The segment after which something is put; `null` is the front. */
const After = Id.nullable();

export const Insert = z.object({
  kind: z.literal("insert"),
  after: After,
  segments: z.array(Segment),
});
export const Remove = z.object({ kind: z.literal("remove"), ids: z.array(Id) });
export const Replace = z.object({ kind: z.literal("replace"), segment: Segment });
/** Takes the segments out, in their present order, and puts them in elsewhere; no text travels. */
export const Move = z.object({
  kind: z.literal("move"),
  ids: z.array(Id),
  after: After,
  stability: Stability.optional(),
});
export const Patch = z.object({
  kind: z.literal("patch"),
  id: Id,
  changes: z.array(TextChange),
});
/**
 * Makes an answer of this sidecar a segment without sending it back: text, calls and ids are
 * those of the generation. Refused as `unknownGeneration` when the sidecar no longer has it;
 * the client then re-opens with the text and ids it holds.
 */
export const Adopt = z.object({
  kind: z.literal("adopt"),
  generationId: Id,
  id: Id,
  after: After,
  stability: Stability,
});
export const SetTools = z.object({ kind: z.literal("tools"), tools: z.array(Tool) });

/** One step of a diff between two versions of a context window. */
export const Edit = z.discriminatedUnion("kind", [
  Insert,
  Remove,
  Replace,
  Move,
  Patch,
  Adopt,
  SetTools,
]);
export type Edit = z.infer<typeof Edit>;

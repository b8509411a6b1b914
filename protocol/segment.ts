import * as z from "zod";

/**
 * The pieces of a context window. Segments with the same role that stand side by side form one
 * chat message, so a user message can carry a file, a selection and a question and still be
 * edited piece by piece.
 */

/** Names a segment, a context or a generation. Chosen by the client, except for generations. */
export const Id = z.string().min(1).max(200);

/** Text for the model. Half a character has no UTF-8 and so no tokens. */
export const Text = z
  .string()
  .refine((text) => text.isWellFormed(), "The text holds half a character (a lone surrogate)");

/** How long a segment lives. The order of this list is the order of the layout. */
export const Stability = z.enum(["core", "guidance", "history", "volatile", "recent"]);
export type Stability = z.infer<typeof Stability>;

/** What a segment is, for the meter: it names the owner of a re-prefill. */
export const SegmentKind = z.enum([
  "instructions",
  "guidance",
  "file",
  "selection",
  "message",
  "answer",
  "toolResult",
  "note",
]);
export type SegmentKind = z.infer<typeof SegmentKind>;

const common = {
  id: Id,
  kind: SegmentKind,
  stability: Stability,
  /** What a person would call it, such as a file name. Never part of the prompt. */
  label: z.string().max(500).optional(),
};

export const ToolCall = z.object({
  id: Id,
  name: z.string(),
  /** As parsed from the model's JSON. */
  arguments: z.record(z.string(), z.unknown()),
});
export type ToolCall = z.infer<typeof ToolCall>;

export const TextSegment = z.object({
  ...common,
  role: z.enum(["system", "user"]),
  text: Text,
});
export type TextSegment = z.infer<typeof TextSegment>;

export const ToolResultSegment = z.object({
  ...common,
  role: z.literal("tool"),
  toolCallId: Id,
  toolName: z.string(),
  text: Text,
});
export type ToolResultSegment = z.infer<typeof ToolResultSegment>;

/**
 * The ids a model generated, verbatim. Re-tokenising the text would often give other ids, and
 * everything behind the first difference would be prefilled again. They only mean something to
 * the model whose fingerprint they carry; any other model is given the text.
 */
export const Generated = z.object({
  fingerprint: z.string(),
  tokens: z.array(z.int().nonnegative()),
});
export type Generated = z.infer<typeof Generated>;

/** Something the model said. */
export const AnswerSegment = z.object({
  ...common,
  role: z.literal("assistant"),
  text: Text,
  reasoning: Text.optional(),
  toolCalls: z.array(ToolCall).optional(),
  generated: Generated.optional(),
});
export type AnswerSegment = z.infer<typeof AnswerSegment>;

export const Segment = z.discriminatedUnion("role", [
  TextSegment,
  ToolResultSegment,
  AnswerSegment,
]);
export type Segment = z.infer<typeof Segment>;

/** A function that the model may call. `parameters` is a JSON schema of type object. */
export const Tool = z.object({
  name: z.string().min(1).max(200),
  description: z.string(),
  parameters: z.record(z.string(), z.unknown()).optional(),
});
export type Tool = z.infer<typeof Tool>;

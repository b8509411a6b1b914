import * as z from "zod";
import { SegmentKind, Stability } from "../../protocol/segment.ts";

/** The lines of a recording, as they may stand in a file: one JSON value each. */

const RecordedTool = z.object({
  function: z.object({
    name: z.string().min(1),
    description: z.string().default(""),
    parameters: z.record(z.string(), z.unknown()).optional(),
  }),
});

export const RecordedHeader = z.object({
  source: z.string(),
  task: z.string().nullish(),
  tools: z.array(RecordedTool).nullish(),
  /** Beyond the format: what a session of Kvasir needs to be gone on with. */
  kvasir: z.object({ startedOn: z.string(), droppedTurns: z.int().nonnegative() }).optional(),
});

const RecordedCall = z.object({
  id: z.string().nullish(),
  function: z.object({
    name: z.string(),
    /** A JSON text, as the wire has it, or what it stands for. */
    arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
  }),
});
export type RecordedCall = z.infer<typeof RecordedCall>;

const TextPart = z.object({ type: z.string().optional(), text: z.string() });

export const RecordedMessage = z.object({
  role: z.string(),
  content: z.union([z.string(), z.array(TextPart)]).nullish(),
  reasoning_content: z.string().nullish(),
  tool_calls: z.array(RecordedCall).nullish(),
  tool_call_id: z.string().nullish(),
  name: z.string().nullish(),
  /** An assistant message that the agent wrote itself. */
  not_a_call: z.boolean().optional(),
  /** Beyond the format: what the message is in a window of Kvasir. */
  kvasir: z
    .object({ kind: SegmentKind, stability: Stability, label: z.string().max(500).optional() })
    .optional(),
});
export type RecordedMessage = z.infer<typeof RecordedMessage>;

export const RecordedSplice = z.object({
  start: z.int().nonnegative(),
  delete: z.int().nonnegative(),
  insert: z.array(z.unknown()),
});

import { z } from "zod";

/** What a file held, by the name of its blob; null where there was no file. */
const fileState = z
  .strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().nonnegative() })
  .readonly()
  .nullable();

const touchedFile = z
  .strictObject({
    path: z.string(),
    before: fileState,
    /** Missing where the turn was cut short between keeping the old state and writing the new one. */
    after: fileState.optional(),
  })
  .readonly();

const turn = z
  .strictObject({
    id: z.string(),
    files: z.array(touchedFile).readonly(),
    /** For a list of turns: what was asked, and when, in milliseconds since 1970. */
    label: z.string().optional(),
    startedMs: z.number().optional(),
    /** There where the turn took others back. */
    isUndo: z.literal(true).optional(),
  })
  .readonly();

const index = z.strictObject({ version: z.literal(1), turns: z.array(turn) });

export type FileState = z.infer<typeof fileState>;
export type CheckpointTurn = z.infer<typeof turn>;
export type TurnFacts = Pick<CheckpointTurn, "label" | "startedMs" | "isUndo">;

/** The turns of an index, oldest first, or undefined if it is none. */
export function readIndex(json: string): readonly CheckpointTurn[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const parsed = index.safeParse(value);
  return parsed.success ? parsed.data.turns : undefined;
}

export function writeIndex(turns: readonly CheckpointTurn[]): string {
  return JSON.stringify({ version: 1, turns });
}

/** The blobs that turns refer to, each once, with their sizes. */
export function blobsOf(turns: readonly CheckpointTurn[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { files } of turns) {
    for (const { before, after } of files) {
      for (const state of [before, after]) if (state) sizes.set(state.hash, state.bytes);
    }
  }
  return sizes;
}

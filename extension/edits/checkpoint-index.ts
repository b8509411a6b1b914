import { z } from "zod";
import { fileState, sizesOf } from "./kept-contents.ts";

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
    /** The turns that this one took back, which may have been such turns themselves. */
    undoes: z.array(z.string()).readonly().optional(),
  })
  .readonly();

const index = z.strictObject({ version: z.literal(1), turns: z.array(turn) });

export type CheckpointTurn = z.infer<typeof turn>;
export type TurnFacts = Pick<CheckpointTurn, "label" | "startedMs" | "undoes">;

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
  return sizesOf(
    turns.flatMap(({ files }) => files.flatMap(({ before, after }) => [before, after])),
  );
}

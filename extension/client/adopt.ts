import type { Edit } from "../../protocol/edit.ts";
import type { Segment } from "../../protocol/segment.ts";

/**
 * Turns the insertion of an answer that the sidecar itself generated into its adoption, so that no
 * text goes back. An answer that was changed in the meantime is another object and is inserted.
 */
export function adoptAnswers(
  edits: readonly Edit[],
  generationIdOf: (segment: Segment) => string | undefined,
): Edit[] {
  return edits.flatMap((edit): Edit[] => {
    if (edit.kind !== "insert") return [edit];
    const split: Edit[] = [];
    let after = edit.after;
    let open: Segment[] | null = null;
    for (const segment of edit.segments) {
      const { id, stability } = segment;
      const generationId = generationIdOf(segment);
      if (generationId !== undefined) {
        split.push({ kind: "adopt", generationId, id, after, stability });
        open = null;
      } else if (open === null) {
        open = [segment];
        split.push({ kind: "insert", after, segments: open });
      } else open.push(segment);
      after = id;
    }
    return split;
  });
}

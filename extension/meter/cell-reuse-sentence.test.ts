import { describe, expect, it } from "vitest";
import { cellReuseSentence } from "./cell-reuse-sentence.ts";

describe("the sentence about reuse", () => {
  it.each([
    ["everything", null, "Cells behind an edit can be kept, also where the edit moves them."],
    [
      "sameLength",
      "its positions have several dimensions",
      "Cells behind an edit can be kept only where it does not move them, because its positions have several dimensions.",
    ],
    [
      "checkpoints",
      "it remembers the text in one state",
      "An edit prefills again from the last checkpoint before it, because it remembers the text in one state.",
    ],
    [
      "prefix",
      "a check at loading could not move its cells",
      "An edit prefills again everything behind it, because a check at loading could not move its cells.",
    ],
  ] as const)("says what an edit costs: %s", (kind, reason, sentence) => {
    expect(cellReuseSentence({ kind, reason })).toBe(sentence);
  });
});

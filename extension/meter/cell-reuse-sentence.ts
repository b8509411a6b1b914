import type { CellReuse } from "../../protocol/model.ts";

/** What a change in the middle of a prompt costs with this model, in one sentence. */
export function cellReuseSentence({ kind, reason }: CellReuse): string {
  const because = reason === null ? "" : `, because ${reason}`;
  switch (kind) {
    case "everything":
      return "Cells behind an edit can be kept, also where the edit moves them.";
    case "sameLength":
      return `Cells behind an edit can be kept only where it does not move them${because}.`;
    case "checkpoints":
      return `An edit prefills again from the last checkpoint before it${because}.`;
    case "prefix":
      return `An edit prefills again everything behind it${because}.`;
  }
}

import { cellReuseSentence } from "./cell-reuse-sentence.ts";
import { formatCount, inlineCode } from "./format.ts";
import type { Status } from "./status-text.ts";

/**
 * What the status bar says when it is pointed at, as Markdown. A model file names itself, and errors
 * quote such names: neither may bring a picture or a link along, which the editor would fetch.
 * @param meter the table of the last turn; empty before the first one
 */
export function statusTooltip({ model, down }: Status, meter: string): string {
  const lines = ["**Kvasir**"];
  if (down) lines.push("The sidecar crashed too often; click to restart it.");
  else if (model.state === "unset") lines.push("Click to select a model file.");
  else if (model.state === "failed") lines.push(inlineCode(model.error.message));
  else if (model.state === "unloaded") lines.push("The next message loads the model.");
  else if (model.state === "ready") {
    const { name, windowTokens, cellReuse } = model.facts;
    lines.push(`${inlineCode(name)}, ${formatCount(windowTokens)} tokens`);
    if (cellReuse.kind !== "everything") lines.push(cellReuseSentence(cellReuse));
  }
  if (meter !== "") lines.push(meter);
  return lines.join("\n\n");
}

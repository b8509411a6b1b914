import type { Segment, ToolCall } from "../../protocol/segment.ts";
import { fencedText } from "../context/living/fenced-text.ts";
import { isPinned } from "../context/window/layout.ts";
import { labelOf } from "../window/session-store.ts";
import { type SavedSession, withoutVolatile } from "../window/stored-session.ts";
import { type PrivatePath, withoutPaths } from "./private-paths.ts";

/** The rest of a long output is in the other form of export. */
const OUTPUT_CHARACTERS_MAX = 2_000;

/** A session for people to read: what was asked, done and answered. */
export function markdownSession(session: SavedSession, paths: readonly PrivatePath[]): string {
  const { context, startedOn } = withoutVolatile(session.window);
  const said = context.segments.filter((segment) => !isPinned(segment));
  const blocks = [
    `# ${labelOf(session)}`,
    `*A conversation with Kvasir that began on ${startedOn}.*`,
    ...said.flatMap(blocksOf),
  ];
  return `${withoutPaths(blocks.join("\n\n"), paths)}\n`;
}

function blocksOf(segment: Segment, index: number, all: readonly Segment[]): string[] {
  if (segment.role === "tool") return [details(`Result of ${segment.toolName}`, segment.text)];
  if (segment.role === "assistant") {
    // One answer may come in steps, with results of tools in between.
    const goesOn =
      all.slice(0, index).findLast(({ role }) => role !== "tool")?.role === segment.role;
    const calls = (segment.toolCalls ?? []).map(callLine);
    const text = segment.text.trim();
    return [
      ...(goesOn ? [] : ["## Kvasir"]),
      ...(text === "" ? [] : [text]),
      ...(calls.length === 0 ? [] : [calls.join("\n")]),
    ];
  }
  const text = segment.text.trim();
  if (segment.kind === "message") return ["## You", text];
  if (segment.kind === "note") return [text.replaceAll(/^/gmu, "> ")];
  return [`*Attached: ${segment.label ?? text.split("\n")[0] ?? ""}*`];
}

function callLine({ name, arguments: given }: ToolCall): string {
  const [key, value] = Object.entries(given)[0] ?? [];
  if (key === undefined || value === "") return `- ${name}`;
  const shown = typeof value === "string" ? value.split("\n")[0] : JSON.stringify(value);
  return `- ${name}: ${inCode(shown ?? "")}`;
}

function inCode(text: string): string {
  return `\`${text.replaceAll("`", "'").slice(0, 200).toWellFormed()}\``;
}

function details(summary: string, text: string): string {
  const shown = text.slice(0, OUTPUT_CHARACTERS_MAX).toWellFormed();
  const more = text.length - shown.length;
  const end = more > 0 ? `(${more} more characters)\n\n` : "";
  return `<details><summary>${summary}</summary>\n\n${fencedText("", shown, "").trimStart()}\n${end}</details>`;
}

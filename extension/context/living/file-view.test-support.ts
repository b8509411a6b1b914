import type { FileView, LineRange } from "./file-view.ts";

export function view(text: string, lines: LineRange | null = null): FileView {
  return { label: "a.ts", language: "ts", content: { kind: "text", text }, lines };
}

export function missing(reason: string): FileView {
  return { label: "a.ts", language: "", content: { kind: "missing", reason }, lines: null };
}

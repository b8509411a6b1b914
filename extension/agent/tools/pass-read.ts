import { failed, type RunningCall, type ToolOutcome } from "./tool.ts";

/** Searching reads the whole workspace; that is allowed unless the workspace is not trusted. */
export async function passRead({ host, signal }: RunningCall): Promise<ToolOutcome | null> {
  const passed = await host.gate.pass({ kind: "read", path: ".", inside: true }, signal);
  return passed.kind === "passed" ? null : failed(passed.sentence);
}

import type { RunningCall } from "./tool.ts";

export type OpenPlace =
  | {
      readonly kind: "open";
      readonly path: string;
      /** As the model and people know it: relative where it is inside. */
      readonly name: string;
      /** Rules of its folder that the model has not been told yet. */
      readonly rules: { readonly note?: string };
    }
  | { readonly kind: "failed"; readonly text: string };

/** Finds out where a path leads and whether the tool may go there. */
export async function openPlace(
  access: "read" | "write",
  given: string,
  { host, signal }: RunningCall,
): Promise<OpenPlace> {
  const place = await host.workspace.locate(given);
  if (place.kind === "invalid") return { kind: "failed", text: place.sentence };
  const inside = place.kind === "inside";
  const name = inside ? place.relative : place.path;
  const passed = await host.gate.pass({ kind: access, path: name, inside }, signal);
  if (passed.kind === "refused")
    return { kind: "failed", text: notAllowed(access, name, passed.sentence) };
  const note = inside ? await host.rules.take(name) : "";
  return { kind: "open", path: place.path, name, rules: note === "" ? {} : { note } };
}

function notAllowed(access: "read" | "write", name: string, sentence: string): string {
  return `${name} was not ${access === "read" ? "read" : "changed"}: ${sentence}`;
}

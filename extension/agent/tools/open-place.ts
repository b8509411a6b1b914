import type { ToldRules } from "../rules/near-rules.ts";
import type { RunningCall, ToolOutcome } from "./tool.ts";

const NO_RULES: ToldRules = { text: "", leftOut: [] };

type TakenRules = Pick<Extract<ToolOutcome, { kind: "done" }>, "note" | "leftOut">;

export type OpenPlace =
  | {
      readonly kind: "open";
      readonly path: string;
      /** As the model and people know it: relative where it is inside. */
      readonly name: string;
      /**
       * Takes the rules of its folder that the model has not been told yet. A call that fails has
       * no place for them, so only one that has done its work may take them.
       */
      readonly takeRules: () => Promise<TakenRules>;
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
  const takeRules = async (): Promise<TakenRules> => {
    const { text, leftOut } = inside ? await host.rules.take(name) : NO_RULES;
    return text === "" ? {} : { note: text, leftOut };
  };
  return { kind: "open", path: place.path, name, takeRules };
}

function notAllowed(access: "read" | "write", name: string, sentence: string): string {
  return `${name} was not ${access === "read" ? "read" : "changed"}: ${sentence}`;
}

import { commandDangers } from "./command-dangers.ts";
import { type CommandRule, rulesAllow, rulesFor } from "./command-rules.ts";
import { isProtected, isSecret } from "./dangerous-places.ts";
import { readShellLine } from "./shell-line.ts";

/** What a tool is about to do. */
export type Action =
  | { readonly kind: "read"; readonly path: string; readonly inside: boolean }
  | { readonly kind: "write"; readonly path: string; readonly inside: boolean }
  | { readonly kind: "command"; readonly command: string; readonly shell: "posix" | "other" }
  /** `input` is what the tool is given, as JSON: whoever is asked has to see it. */
  | { readonly kind: "external"; readonly tool: string; readonly input: string };

/** What may be done without a question. */
export type Policy = {
  readonly trusted: boolean;
  /** The folder of the workspace, as commands would name it. */
  readonly root: string;
  readonly edits: boolean;
  /** Absolute paths outside of the workspace, or folders of them, that may be written. */
  readonly writable: readonly string[];
  readonly commands: readonly CommandRule[];
  /** Names of tools from other extensions and servers. */
  readonly external: readonly string[];
};

/** What a “yes” may be remembered as. */
export type Grant =
  | { readonly kind: "edits" }
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "commands"; readonly rules: readonly CommandRule[] }
  | { readonly kind: "external"; readonly tool: string };

export type Decision =
  | { readonly kind: "allow" }
  /** `grant` is `null` where a yes holds for this once only. */
  | { readonly kind: "ask"; readonly sentence: string; readonly grant: Grant | null }
  | { readonly kind: "deny"; readonly sentence: string };

const ALLOW: Decision = { kind: "allow" };

/** Decides whether something may be done, has to be asked about, or must not be done. */
export function decide(action: Action, policy: Policy): Decision {
  if (!policy.trusted) {
    return { kind: "deny", sentence: "The workspace is not trusted, so no tool may run in it." };
  }
  switch (action.kind) {
    case "read":
      return decideRead(action.path, action.inside);
    case "write":
      return decideWrite(action.path, action.inside, policy);
    case "command":
      return decideCommand(action.command, action.shell, policy);
    case "external":
      return policy.external.includes(action.tool)
        ? ALLOW
        : ask(`Use ${action.tool}?`, { kind: "external", tool: action.tool });
  }
}

/** The policy once a yes is to be remembered. */
export function withGrant(policy: Policy, grant: Grant): Policy {
  switch (grant.kind) {
    case "edits":
      return { ...policy, edits: true };
    case "path":
      return { ...policy, writable: [...policy.writable, grant.path] };
    case "commands":
      return { ...policy, commands: [...policy.commands, ...grant.rules] };
    case "external":
      return { ...policy, external: [...policy.external, grant.tool] };
  }
}

function ask(sentence: string, grant: Grant | null): Decision {
  return { kind: "ask", sentence, grant };
}

function decideRead(path: string, inside: boolean): Decision {
  if (!inside) return ask(`Read ${path}, which is outside of the workspace?`, null);
  return isSecret(path) ? ask(`Read ${path}, which usually holds secrets?`, null) : ALLOW;
}

function decideWrite(path: string, inside: boolean, { edits, writable }: Policy): Decision {
  if (!inside) {
    const allowed = writable.some((place) => path === place || path.startsWith(`${place}/`));
    const sentence = `Write ${path}, which is outside of the workspace?`;
    return allowed ? ALLOW : ask(sentence, { kind: "path", path });
  }
  if (isProtected(path)) {
    return ask(`Write ${path}, which can make other programs run something?`, null);
  }
  if (isSecret(path)) return ask(`Write ${path}, which usually holds secrets?`, null);
  return edits ? ALLOW : ask(`Change ${path}?`, { kind: "edits" });
}

function decideCommand(command: string, shell: "posix" | "other", policy: Policy): Decision {
  if (shell === "other") {
    return ask("Run this command? Kvasir cannot read the language of this shell.", null);
  }
  const read = readShellLine(command);
  if (read.kind === "unclear") return ask(`Run this command? ${read.sentence}`, null);
  const dangers = commandDangers(read.line, policy.root);
  if (dangers.length > 0) return ask(`Run this command? It ${dangers.join(", and ")}.`, null);
  if (rulesAllow(read.line, policy.commands)) return ALLOW;
  const rules = rulesFor(read.line);
  return ask("Run this command?", rules === null ? null : { kind: "commands", rules });
}

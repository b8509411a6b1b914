import type { ChangeContextParams, ContextAt, OpenContextParams } from "../../protocol/context.ts";
import { applyEdits, requireUniqueIds } from "../history/apply-edits.ts";
import { Generations, type Said } from "../history/generations.ts";
import type { Window } from "../history/window.ts";
import { Refusal } from "../refusal.ts";

/** Context windows open at once: chats, agents and requests of other extensions. */
const CONTEXTS_MAX = 256;

/** The mirror: all open context windows and the answers not yet adopted into them. */
export class Contexts {
  readonly #windows = new Map<string, Window>();
  readonly #generations = new Generations();

  open({ contextId, version, segments, tools }: OpenContextParams): void {
    requireUniqueIds(segments);
    if (!this.#windows.has(contextId) && this.#windows.size >= CONTEXTS_MAX) {
      throw new Refusal("busy", `More than ${CONTEXTS_MAX} conversations are open.`);
    }
    this.#windows.set(contextId, { version, segments, tools });
  }

  change({ contextId, fromVersion, version, edits }: ChangeContextParams): void {
    const window = this.at({ contextId, version: fromVersion });
    if (version <= fromVersion) {
      throw new Refusal("badRequest", `Version ${version} does not follow ${fromVersion}.`);
    }
    this.#windows.set(
      contextId,
      applyEdits(window, edits, version, (generationId) => this.#generations.find(generationId)),
    );
  }

  close(contextId: string): void {
    this.#windows.delete(contextId);
  }

  /** The window at exactly this version: nobody gets an answer to a text they did not mean. */
  at({ contextId, version }: ContextAt): Window {
    const window = this.#windows.get(contextId);
    if (window === undefined) {
      throw new Refusal("unknownContext", `The context "${contextId}" is not open.`);
    }
    if (window.version !== version) {
      throw new Refusal(
        "versionMismatch",
        `The context "${contextId}" is at version ${window.version}, not ${version}.`,
        { heldVersion: window.version, askedVersion: version },
      );
    }
    return window;
  }

  remember(generationId: string, said: Said): void {
    this.#generations.add(generationId, said);
  }
}

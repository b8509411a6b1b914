import type * as vscode from "vscode";
import type { GenerateEvent } from "../../protocol/generate.ts";
import type { Question } from "../context/window/begin-turn.ts";
import type { VolatileText } from "../context/window/refresh-volatile.ts";
import type { Explained } from "../doors/error-sentence.ts";
import type { InvocationToken } from "./agent/editor-tools.ts";

/** One message to `@kvasir`, and where its answer goes. */
export type TurnRequest = {
  readonly id: string;
  /** As the user typed it. */
  readonly line: string;
  /** What a session is called that begins with it. */
  readonly title: string;
  readonly question: Question;
  readonly volatile: readonly VolatileText[];
  /** Has tools of other extensions ask their own questions in this chat. */
  readonly toolToken: InvocationToken;
  readonly stream: vscode.ChatResponseStream;
  readonly signal: AbortSignal;
  readonly onActivity: (event: GenerateEvent | null) => void;
};

/** How a message came to be answered. */
export type TurnEnd =
  | { readonly kind: "answered"; readonly cancelled: boolean }
  /** `isKept` says whether the turn has happened all the same, because it has done something. */
  | { readonly kind: "failed"; readonly explained: Explained; readonly isKept: boolean };

import * as vscode from "vscode";
import type { Grant } from "../../agent/approvals/decide.ts";
import { escapeMarkdown } from "../../agent/chat/escape-markdown.ts";
import type { Approval, ApprovalRequest, Approvals } from "../../agent/ports/approvals.ts";
import type { ChatQuestions, Choice } from "./chat-questions.ts";

const NO = "the user said no. Do it another way, or leave it and say so.";
const STOPPED = "the user stopped this.";

const ONCE: Choice<Approval> = { title: "Allow Once", value: { kind: "yes", lasts: "once" } };
const DENY: Choice<Approval> = { title: "Deny", value: { kind: "no", sentence: NO } };
const LASTING: readonly Choice<Approval>[] = [
  { title: "in this chat", value: { kind: "yes", lasts: "session" } },
  { title: "always in this workspace", value: { kind: "yes", lasts: "always" } },
];

/** What a yes for longer than once allows. */
const ALLOWED: Readonly<Record<Grant["kind"], string>> = {
  edits: "every change of files of the workspace",
  path: "writing this path",
  commands: "exactly this command",
  external: "this tool",
};

export type RememberGrant = (grant: Grant, lasts: "session" | "always") => Promise<void>;

/** Asks the user in the chat, above where the answer goes on. */
export class ChatApprovals implements Approvals {
  readonly #questions: ChatQuestions;
  readonly #stream: vscode.ChatResponseStream;
  readonly #remember: RememberGrant;

  constructor(
    questions: ChatQuestions,
    stream: vscode.ChatResponseStream,
    remember: RememberGrant,
  ) {
    this.#questions = questions;
    this.#stream = stream;
    this.#remember = remember;
  }

  async request(request: ApprovalRequest, signal: AbortSignal): Promise<Approval> {
    const { grant } = request;
    this.#stream.markdown(textOf(request));
    const links = grant === null ? [] : LASTING;
    const after = grant === null ? "" : `: ${ALLOWED[grant.kind]}.`;
    const choices = { buttons: [ONCE, DENY], links, before: "Or allow ", after };
    const approval = await this.#questions.ask(this.#stream, choices, signal);
    if (approval === null) return { kind: "no", sentence: STOPPED };
    if (approval.kind === "yes" && approval.lasts !== "once" && grant !== null) {
      await this.#remember(grant, approval.lasts);
    }
    return approval;
  }
}

/** The question, and a command line in full: what is cut could hide what it does. */
function textOf({ sentence, detail }: ApprovalRequest): vscode.MarkdownString {
  const text = new vscode.MarkdownString(`\n\n**${escapeMarkdown(sentence)}**\n`);
  return sentence.includes(detail) ? text : text.appendCodeblock(detail, "sh");
}

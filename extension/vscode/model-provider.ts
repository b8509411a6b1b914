import { basename } from "node:path";
import * as vscode from "vscode";
import type { ModelFacts } from "../../protocol/model.ts";
import type { ModelAnswers } from "./model-answers.ts";
import { Commands } from "./names.ts";
import { readModelConfig, readModelPath, readTurnOptions } from "./settings.ts";

const MODEL_ID = "kvasir-local";
/** Until the model is loaded and says what it can. */
const WINDOW_TOKENS_GUESS = 32_768;
/** The share of the window that callers should leave to the answer. */
const ANSWER_SHARE = 1 / 4;

/**
 * Offers the configured model to the whole editor. There is always one model to select, even
 * without a file: the chat view refuses every message while it has no model at all, and so the
 * message that says what to do would never be reached.
 */
export class ModelProvider implements vscode.LanguageModelChatProvider, vscode.Disposable {
  readonly #answers: () => Promise<ModelAnswers>;
  readonly #changed = new vscode.EventEmitter<void>();
  #facts: ModelFacts | null = null;
  readonly onDidChangeLanguageModelChatInformation = this.#changed.event;

  constructor(answers: () => Promise<ModelAnswers>) {
    this.#answers = answers;
  }

  /** The model was loaded, or another one was chosen. */
  describe(facts: ModelFacts | null): void {
    const windowTokens = this.#facts?.windowTokens;
    this.#facts = facts;
    if (facts === null || facts.windowTokens !== windowTokens) this.#changed.fire();
  }

  async provideLanguageModelChatInformation({
    silent,
  }: vscode.PrepareLanguageModelChatModelOptions): Promise<vscode.LanguageModelChatInformation[]> {
    if (!silent && readModelPath() === null) {
      await vscode.commands.executeCommand(Commands.selectModelFile);
    }
    return [informationOf(readModelPath(), this.#facts)];
  }

  async provideLanguageModelChatResponse(
    _model: vscode.LanguageModelChatInformation,
    messages: readonly vscode.LanguageModelChatRequestMessage[],
    options: vscode.ProvideLanguageModelChatResponseOptions,
    progress: vscode.Progress<vscode.LanguageModelResponsePart>,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const answers = await this.#answers();
    await answers.respond(messages, options, progress, token);
  }

  async provideTokenCount(
    _model: vscode.LanguageModelChatInformation,
    text: string | vscode.LanguageModelChatRequestMessage,
    token: vscode.CancellationToken,
  ): Promise<number> {
    const answers = await this.#answers();
    return await answers.countTokens(text, token);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function informationOf(
  path: string | null,
  facts: ModelFacts | null,
): vscode.LanguageModelChatInformation {
  const fileName = path === null ? null : basename(path).replace(/\.gguf$/i, "");
  const windowTokens = facts?.windowTokens ?? readModelConfig().windowTokens ?? WINDOW_TOKENS_GUESS;
  const share = Math.floor(windowTokens * ANSWER_SHARE);
  const maxOutputTokens = Math.min(readTurnOptions().maxTokens ?? share, share);
  return {
    id: MODEL_ID,
    name: fileName ?? "Kvasir (no model file selected)",
    family: fileName ?? "kvasir",
    version: facts?.fingerprint ?? "1",
    detail: "Kvasir",
    tooltip: path ?? "Select a GGUF file with “Kvasir: Select Model File”.",
    maxInputTokens: windowTokens - maxOutputTokens,
    maxOutputTokens,
    capabilities: { toolCalling: true, imageInput: false },
  };
}

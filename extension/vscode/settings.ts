import { homedir } from "node:os";
import { join, resolve } from "node:path";
import * as vscode from "vscode";
import type { CacheType, ModelConfig } from "../../protocol/model.ts";
import type { StoreChoice } from "../../protocol/store.ts";
import type { TurnOptions } from "../doors/model-options.ts";

const SECTION = "kvasir";
const MS_PER_MINUTE = 60_000;

/** What decides which file is loaded and how; declared as restricted in the manifest as well. */
export function readModelConfig(): ModelConfig {
  const windowTokens = restricted<number>("model.contextTokens");
  const gpuLayers = restricted<number>("model.gpuLayers");
  const threads = restricted<number>("model.threads");
  const cacheType = restricted<CacheType>("model.kvCacheType");
  const keepAliveMinutes = restricted<number>("model.keepAliveMinutes");
  return {
    path: readModelPath(),
    ...(windowTokens === null ? {} : { windowTokens }),
    ...(gpuLayers === null ? {} : { gpuLayers }),
    ...(threads === null ? {} : { threads }),
    ...(cacheType === null ? {} : { cacheType }),
    ...(keepAliveMinutes === null ? {} : { keepAliveMs: keepAliveMinutes * MS_PER_MINUTE }),
  };
}

/** An absolute path, or `null` when no model is chosen. */
export function readModelPath(): string | null {
  return readPath("model.path");
}

/** What is kept on disk and where; `null` for nothing. */
export function readStoreChoice(): StoreChoice {
  if (restricted<boolean>("store.enabled") === false) return null;
  const folder = readPath("store.folder");
  const budgetMb = restricted<number>("store.budgetMb");
  const freeSpaceMb = restricted<number>("store.freeSpaceMb");
  return {
    ...(folder === null ? {} : { folder }),
    ...(budgetMb === null ? {} : { budgetMb }),
    ...(freeSpaceMb === null ? {} : { freeSpaceMb }),
  };
}

export function readTurnOptions(): TurnOptions {
  const settings = vscode.workspace.getConfiguration(SECTION);
  const temperature = settings.get<number | null>("sampling.temperature");
  const topP = settings.get<number | null>("sampling.topP");
  const topK = settings.get<number | null>("sampling.topK");
  const minP = settings.get<number | null>("sampling.minP");
  const seed = settings.get<number | null>("sampling.seed");
  const maxTokens = settings.get<number | null>("answer.maxTokens");
  return {
    sampling: {
      ...(temperature == null ? {} : { temperature }),
      ...(topP == null ? {} : { topP }),
      ...(topK == null ? {} : { topK }),
      ...(minP == null ? {} : { minP }),
      ...(seed == null ? {} : { seed }),
    },
    ...(maxTokens == null ? {} : { maxTokens }),
  };
}

export type PrefillAhead = "always" | "onPower" | "never";

/** When the model prepares for a question before it is asked. */
export function readPrefillAhead(): PrefillAhead {
  return vscode.workspace
    .getConfiguration(SECTION)
    .get<PrefillAhead>("chat.prefillAhead", "onPower");
}

export type LoadAtStart = "always" | "recent" | "never";

/** When the model is loaded for the last chat of a window before that is asked anything. */
export function readLoadAtStart(): LoadAtStart {
  return vscode.workspace.getConfiguration(SECTION).get<LoadAtStart>("chat.loadAtStart", "recent");
}

/** Whether the model sums up what a long chat leaves out. */
export function readSummarises(): boolean {
  return vscode.workspace.getConfiguration(SECTION).get("chat.summarize", true);
}

export async function writeModelPath(path: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration(SECTION);
  await settings.update("model.path", path, vscode.ConfigurationTarget.Global);
}

export function onModelSettingsChanged(listener: () => void): vscode.Disposable {
  return onChanged("model", listener);
}

export function onStoreSettingsChanged(listener: () => void): vscode.Disposable {
  return onChanged("store", listener);
}

function onChanged(group: string, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${SECTION}.${group}`)) listener();
  });
}

/** Absolute, from the home folder; `null` when nothing is set. */
function readPath(name: string): string | null {
  const value = restricted<unknown>(name);
  // The editor only underlines what is no text.
  const path = typeof value === "string" ? value.trim() : "";
  if (path === "") return null;
  const home = homedir();
  return path === "~" || /^~[/\\]/.test(path) ? join(home, path.slice(1)) : resolve(home, path);
}

/** A folder that is not trusted has no say, even if the editor should let it. */
function restricted<T>(name: string): T | null {
  const settings = vscode.workspace.getConfiguration(SECTION);
  if (vscode.workspace.isTrusted) return settings.get<T | null>(name) ?? null;
  const values = settings.inspect<T | null>(name);
  return values?.globalValue ?? values?.defaultValue ?? null;
}

import * as vscode from "vscode";
import type { GenerateEvent } from "../protocol/generate.ts";
import type { ModelStatus } from "../protocol/model.ts";
import { changesFolder, registerChanges } from "./vscode/changes/register-changes.ts";
import { registerAgentCommands } from "./vscode/commands/agent-commands.ts";
import { registerCacheCommands } from "./vscode/commands/cache-commands.ts";
import { registerLessonCommands } from "./vscode/commands/lesson-commands.ts";
import { registerModelCommands } from "./vscode/commands/model-commands.ts";
import { registerSidecarCommands } from "./vscode/commands/sidecar-commands.ts";
import { lazy } from "./vscode/lazy.ts";
import { ModelProvider } from "./vscode/model-provider.ts";
import { VENDOR } from "./vscode/names.ts";
import { noticeState } from "./vscode/notices.ts";
import { registerParticipant } from "./vscode/participant.ts";
import {
  onModelSettingsChanged,
  readModelConfig,
  readModelPath,
  readTurnOptions,
} from "./vscode/settings.ts";
import { Sidecar, type SidecarState } from "./vscode/sidecar.ts";
import { StatusBar } from "./vscode/status-bar.ts";

let running: Sidecar | null = null;

/**
 * Puts the extension together. Only what the editor must know of is made here; the rest is loaded
 * with its first use by an `import()`, so that a window that never asks pays next to nothing.
 */
export function activate(context: vscode.ExtensionContext): void {
  const { subscriptions, extensionUri } = context;
  const own = <T extends vscode.Disposable>(disposable: T): T => {
    subscriptions.push(disposable);
    return disposable;
  };
  let modelIsLoaded = false;
  const log = own(vscode.window.createOutputChannel("Kvasir", { log: true }));
  const statusBar = own(new StatusBar(idleModel()));
  const onActivity = (activity: GenerateEvent | null): void => statusBar.show({ activity });
  const shared = { readOptions: readTurnOptions, onActivity, log };

  const meterPage = lazy(async () => {
    const { MeterPage } = await import("./vscode/meter-page.ts");
    return own(new MeterPage(statusBar));
  });
  const listening = lazy(async () => {
    const [{ listen }, page] = await Promise.all([import("./vscode/listen.ts"), meterPage()]);
    for (const heard of listen(sidecar, (reading) => page.add(reading), onModelStatus)) own(heard);
  });
  const sidecar = new Sidecar({
    serverModule: vscode.Uri.joinPath(extensionUri, "dist", "sidecar.mjs").fsPath,
    driftFile: vscode.Uri.joinPath(context.globalStorageUri, "drift.json").fsPath,
    log,
    readConfig: readModelConfig,
    beforeStart: listening,
    onState: onSidecarState,
  });
  running = sidecar;

  const questions = lazy(async () => {
    const { ChatQuestions } = await import("./vscode/agent/chat-questions.ts");
    return new ChatQuestions();
  });
  const grants = lazy(async () => {
    const { Grants } = await import("./vscode/agent/grants.ts");
    return new Grants(context.workspaceState);
  });
  const changesView = lazy(async () => {
    const { openChanges } = await import("./vscode/open-changes.ts");
    return own(await openChanges(changesFolder(context), log));
  });
  const kept = lazy(async () => {
    const { keptContext } = await import("./vscode/providers/kept-context.ts");
    return keptContext(context);
  });
  const chatAnswers = lazy(async () => {
    const [{ openChatAnswers }, { TerminalView }] = await Promise.all([
      import("./vscode/open-chat-answers.ts"),
      import("./vscode/agent/terminal-view.ts"),
    ]);
    return openChatAnswers(context, {
      connection: sidecar,
      isModelLoaded: () => modelIsLoaded,
      questions: await questions(),
      grants: await grants(),
      kept: await kept(),
      terminal: own(new TerminalView()),
      changes: async () => (await changesView()).changes,
      onActivity,
      log,
    });
  });
  const modelAnswers = lazy(async () => {
    const { ModelAnswers } = await import("./vscode/model-answers.ts");
    return new ModelAnswers({ ...shared, connection: sidecar });
  });
  const actions = lazy(async () => {
    const { SidecarActions } = await import("./vscode/sidecar-actions.ts");
    return new SidecarActions(sidecar, log);
  });
  const provider = own(new ModelProvider(modelAnswers));

  own(vscode.lm.registerLanguageModelChatProvider(VENDOR, provider));
  own(registerParticipant(extensionUri, chatAnswers));
  own(registerModelCommands());
  own(registerCacheCommands(meterPage, actions));
  own(registerSidecarCommands(actions, log));
  own(registerAgentCommands(questions, grants));
  own(registerLessonCommands(kept));
  own(registerChanges(changesFolder(context), changesView, (error) => log.warn(String(error))));
  own(onModelSettingsChanged(onConfigured));
  own(vscode.workspace.onDidGrantWorkspaceTrust(onConfigured));
  // The chat view refuses messages until a model is resolved, which nothing else may ever do.
  vscode.lm
    .selectChatModels({ vendor: VENDOR })
    .then(undefined, (error) => log.warn(String(error)));

  function onModelStatus(model: ModelStatus): void {
    modelIsLoaded = model.state === "ready";
    statusBar.show({ model });
    if (model.state === "ready") provider.describe(model.facts);
  }

  function onSidecarState(state: SidecarState): void {
    if (state !== "running") modelIsLoaded = false;
    const activity = { activity: null, down: state === "gaveUp" };
    // The process that comes next says itself what its model does.
    statusBar.show(state === "running" ? activity : { ...activity, model: idleModel() });
    void vscode.commands.executeCommand("setContext", "kvasir.sidecarRunning", state === "running");
    void noticeState(state);
  }

  function onConfigured(): void {
    provider.describe(null);
    if (sidecar.isRunning) void actions().then((ready) => ready.configure(readModelConfig()));
    else statusBar.show({ model: idleModel() });
  }
}

export async function deactivate(): Promise<void> {
  await running?.stop();
  running = null;
}

function idleModel(): ModelStatus {
  const path = readModelPath();
  return path === null ? { state: "unset" } : { state: "unloaded", path };
}

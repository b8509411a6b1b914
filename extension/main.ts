import * as vscode from "vscode";
import type { GenerateEvent } from "../protocol/generate.ts";
import type { ModelStatus } from "../protocol/model.ts";
import { changesFolder, registerChanges } from "./vscode/changes/register-changes.ts";
import { registerAgentCommands } from "./vscode/commands/agent-commands.ts";
import { registerCacheCommands } from "./vscode/commands/cache-commands.ts";
import { registerLessonCommands } from "./vscode/commands/lesson-commands.ts";
import { registerModelCommands } from "./vscode/commands/model-commands.ts";
import { registerSessionCommands } from "./vscode/commands/session-commands.ts";
import { registerSidecarCommands } from "./vscode/commands/sidecar-commands.ts";
import { registerTaskCommands } from "./vscode/commands/task-commands.ts";
import { registerStoreCommands } from "./vscode/commands/store-commands.ts";
import { registerToolCommands } from "./vscode/commands/tool-commands.ts";
import { lazy } from "./vscode/lazy.ts";
import { ModelProvider } from "./vscode/model-provider.ts";
import { ContextKeys, VENDOR } from "./vscode/names.ts";
import { noticeState } from "./vscode/notices.ts";
import { registerParticipant } from "./vscode/participant.ts";
import {
  onModelSettingsChanged,
  onStoreSettingsChanged,
  readModelConfig,
  readModelPath,
  readStoreChoice,
  readTurnOptions,
} from "./vscode/settings.ts";
import { registerTaskActions } from "./vscode/task-actions.ts";
import { Sidecar, type SidecarState } from "./vscode/sidecar.ts";
import { StatusBar } from "./vscode/status-bar.ts";
import { chatsFolder } from "./vscode/chats-folder.ts";
import { loadsAtStart } from "./vscode/loads-at-start.ts";

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
    readStore: readStoreChoice,
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
  const chatSessions = lazy(async () => {
    const { openChatSessions } = await import("./vscode/open-chat-sessions.ts");
    const isModelLoaded = (): boolean => modelIsLoaded;
    return openChatSessions(context, {
      connection: sidecar,
      isModelLoaded,
      kept: await kept(),
      log,
    });
  });
  const chatAnswers = lazy(async () => {
    const [{ openChatAnswers }, { TerminalView }] = await Promise.all([
      import("./vscode/open-chat-answers.ts"),
      import("./vscode/agent/terminal-view.ts"),
    ]);
    return openChatAnswers(await chatSessions(), {
      questions: await questions(),
      grants: await grants(),
      terminal: own(new TerminalView()),
      changes: async () => (await changesView()).changes,
      onActivity,
      log,
    });
  });
  const sessionActions = lazy(async () => {
    const { SessionActions } = await import("./vscode/session-actions.ts");
    return new SessionActions(await chatSessions(), log);
  });
  const modelAnswers = lazy(async () => {
    const { ModelAnswers } = await import("./vscode/model-answers.ts");
    return new ModelAnswers({ ...shared, connection: sidecar });
  });
  const actions = lazy(async () => {
    const { SidecarActions } = await import("./vscode/sidecar-actions.ts");
    return new SidecarActions(sidecar, log);
  });
  const storeActions = lazy(async () => {
    const { StoreActions } = await import("./vscode/store-actions.ts");
    return new StoreActions(sidecar, log);
  });
  const provider = own(new ModelProvider(modelAnswers));

  own(vscode.lm.registerLanguageModelChatProvider(VENDOR, provider));
  own(registerParticipant(extensionUri, chatAnswers));
  own(registerModelCommands());
  own(registerCacheCommands(meterPage, actions));
  own(registerSidecarCommands(actions, log));
  own(registerAgentCommands(questions, grants));
  own(registerTaskCommands());
  own(registerTaskActions());
  own(registerSessionCommands(sessionActions));
  own(registerLessonCommands(kept));
  own(registerChanges(changesFolder(context), changesView, log));
  own(registerStoreCommands(storeActions));
  own(registerToolCommands());
  own(onModelSettingsChanged(onConfigured));
  own(onStoreSettingsChanged(onStoreConfigured));
  own(
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      onConfigured();
      onStoreConfigured();
    }),
  );
  // The chat view refuses messages until a model is resolved, which nothing else may ever do.
  vscode.lm
    .selectChatModels({ vendor: VENDOR })
    .then(undefined, (error) => log.warn(String(error)));

  readBackAtStart().catch((error: unknown) => log.warn(String(error)));

  async function readBackAtStart(): Promise<void> {
    if (await loadsAtStart(chatsFolder(context), Date.now())) await readBackLatest();
  }

  /** An earlier chat of this window goes on faster; whatever fails here fails again when it does. */
  async function readBackLatest(): Promise<void> {
    await (await chatSessions()).sessions.readBackLatest();
  }

  function onModelStatus(model: ModelStatus): void {
    if (model.state === "ready" && !modelIsLoaded) void readBackLatest();
    modelIsLoaded = model.state === "ready";
    statusBar.show({ model });
    if (model.state === "ready") provider.describe(model.facts);
  }

  function onSidecarState(state: SidecarState): void {
    if (state !== "running") modelIsLoaded = false;
    const activity = { activity: null, down: state === "gaveUp" };
    // The process that comes next says itself what its model does.
    statusBar.show(state === "running" ? activity : { ...activity, model: idleModel() });
    const isRunning = state === "running";
    void vscode.commands.executeCommand("setContext", ContextKeys.sidecarRunning, isRunning);
    void noticeState(state);
  }

  function onConfigured(): void {
    provider.describe(null);
    if (sidecar.isRunning) void actions().then((ready) => ready.configure(readModelConfig()));
    else statusBar.show({ model: idleModel() });
  }

  function onStoreConfigured(): void {
    // A process that starts later asks for the settings itself.
    if (!sidecar.isRunning) return;
    void actions().then((ready) => ready.configureStore(readStoreChoice()));
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

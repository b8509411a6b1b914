import { expect, it, vi } from "vitest";
import type * as vscode from "vscode";
import { ClearCache } from "../../protocol/model.ts";
import { Sidecar, type SidecarState } from "./sidecar.ts";

/** The process: it is there once `starting` says so. */
let starting: PromiseWithResolvers<void>;

// These are the editor's, which is not here.
vi.mock("./cancellation.ts", () => ({ tokenOf: () => ({ dispose: () => undefined }) }));
vi.mock("./language-client.ts", () => ({
  createClient: () => ({
    start: async () => await starting.promise,
    stop: async () => undefined,
    sendRequest: async () => ({ droppedTokens: 0 }),
    onNotification: () => undefined,
    onProgress: () => undefined,
  }),
}));

function newSidecar(onState: (state: SidecarState) => void): Sidecar {
  starting = Promise.withResolvers();
  return new Sidecar({
    serverModule: "",
    driftFile: "",
    log: { info: () => undefined, error: () => undefined } as unknown as vscode.LogOutputChannel,
    readConfig: () => ({ path: null }),
    readStore: () => null,
    beforeStart: async () => undefined,
    onState,
  });
}

it("runs from its first request on, while that waits for the start", async () => {
  const states: SidecarState[] = [];
  const sidecar = newSidecar((state) => states.push(state));
  expect(sidecar.isRunning).toBe(false);
  const asked = sidecar.requestBare(ClearCache);
  expect({ states, isRunning: sidecar.isRunning }).toEqual({ states: [], isRunning: true });
  starting.resolve();
  await asked;
  expect({ states, isRunning: sidecar.isRunning }).toEqual({
    states: ["running"],
    isRunning: true,
  });
  await sidecar.stop();
  expect(sidecar.isRunning).toBe(false);
});

it("does not run when it could not be started", async () => {
  const sidecar = newSidecar(() => undefined);
  const asked = sidecar.requestBare(ClearCache);
  starting.reject(new Error("No such file."));
  await expect(asked).rejects.toThrow("could not be started");
  expect(sidecar.isRunning).toBe(false);
});

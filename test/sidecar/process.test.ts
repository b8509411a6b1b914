import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import { describe, expect, test } from "vitest";
import { ensureModel } from "../../cli/models/ensure-model.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { answer, open, startSidecar, user } from "../support/client.ts";

describe("the sidecar ends", () => {
  test.each(["SIGKILL", "SIGTERM"] as const)(
    "when its parent dies by %s in the middle of a prefill",
    async (signal) => {
      const parent = fork(new URL("../support/busy-parent.ts", import.meta.url), {
        env: { ...process.env, KVASIR_TEST_MODEL: await ensureModel("bench") },
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      const [processId] = (await once(parent, "message")) as [number];
      expect(isAlive(processId)).toBe(true);
      parent.kill(signal);
      await gone(processId);
    },
  );

  test("when it is asked to, and frees its model first", async () => {
    const sidecar = await startSidecar("tiny");
    await open(sidecar, "bye", [user("u1", "Bye.")]);
    await answer(sidecar, "bye", 1);
    const processId = sidecar.processId!;
    await sidecar.stop();
    expect(isAlive(processId)).toBe(false);
  });

  test("when its standard input closes", async () => {
    const child = spawn(process.execPath, ["dist/sidecar.mjs", "--stdio"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    connection.listen();
    await connection.sendRequest("initialize", {
      processId: null,
      rootUri: null,
      capabilities: {},
      initializationOptions: { protocolVersion: PROTOCOL_VERSION, model: { path: null } },
    });
    child.stdin.end();
    // LSP: an end without a shutdown before it is no success.
    expect(await exitCode(child)).toBe(1);
  });
});

test("a killed sidecar fails what was asked of it with one sentence", async () => {
  const sidecar = await startSidecar("tiny");
  await open(sidecar, "killed", [user("u1", "Go on.")]);
  const pending = answer(sidecar, "killed", 1, {
    maxTokens: 500,
    onEvent: (event) => {
      if (event.kind === "prefill") process.kill(sidecar.processId!, "SIGKILL");
    },
  });
  await expect(pending).rejects.toThrow(/^The sidecar ended unexpectedly \(SIGKILL\).*\.$/u);
  await sidecar.stop();
});

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until the process has ended; the test's own time limit is the bound. */
async function gone(processId: number): Promise<void> {
  while (isAlive(processId)) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode;
}

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RequestType } from "vscode-jsonrpc";
import type { SidecarProcess } from "../../cli/sidecar-process.ts";
import { ChangeContext, CloseContext } from "../../protocol/context.ts";
import type { Edit } from "../../protocol/edit.ts";
import type { ErrorData } from "../../protocol/errors.ts";
import { Generate } from "../../protocol/generate.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { Warm } from "../../protocol/warm.ts";
import { answer, errorOf, open, startSidecar, user } from "../support/client.ts";

let sidecar: SidecarProcess;

beforeAll(async () => {
  sidecar = await startSidecar("tiny");
});
afterAll(async () => {
  await sidecar.stop();
});

function malformed(method: string, params: unknown): Promise<unknown> {
  return sidecar.request(new RequestType<unknown, unknown, void>(method), params);
}

describe("a malformed request gets a typed error, and the sidecar stays up", () => {
  const open1 = { contextId: "c", version: 1, segments: [], tools: [] };
  const cases: [string, string, unknown][] = [
    ["without parameters", "kvasir/context/open", {}],
    ["with a list for parameters", "kvasir/context/open", [1, 2, 3]],
    ["with a negative version", "kvasir/context/open", { ...open1, version: -1 }],
    ["with an empty id", "kvasir/context/open", { ...open1, contextId: "" }],
    ["with a segment of no role", "kvasir/context/open", { ...open1, segments: [{ id: "a" }] }],
    ["with an unknown edit", "kvasir/context/change", { edits: [{ kind: "shuffle" }] }],
    ["with a wrong stream", "kvasir/generate", { contextId: "c", version: 1, streamToken: {} }],
    ["with a text for a list", "kvasir/model/countTokens", { texts: "abc" }],
    ["with a number for a path", "kvasir/model/configure", { path: 7 }],
  ];

  test.each(cases)("%s", async (_, method, params) => {
    const error = await errorOf(malformed(method, params));
    expect(error.kind).toBe("badRequest");
    expect(error.message).toContain(method);
  });

  test("for an unknown method", async () => {
    await expect(malformed("kvasir/unknown", {})).rejects.toThrow(/Unhandled method/u);
    await open(sidecar, "alive", [user("u1", "Alive?")]);
    expect((await answer(sidecar, "alive", 1)).usage.promptTokens).toBeGreaterThan(0);
  });
});

describe("versions", () => {
  test("of a context must match, and the held one is named", async () => {
    await open(sidecar, "v", [user("u1", "One.")]);
    const old = await errorOf(sidecar.request(Warm, { contextId: "v", version: 0 }));
    expect(old).toMatchObject({
      kind: "versionMismatch",
      figures: { heldVersion: 1, askedVersion: 0 },
    });
    expect(await change("v", 7, 8, [])).toMatchObject({ kind: "versionMismatch" });
    expect(await change("v", 1, 1, [])).toMatchObject({ kind: "badRequest" });
  });

  test("of the protocol must match, or the handshake says so", async () => {
    expect(await refusedHandshake({ protocolVersion: 0, model: { path: null } })).toEqual({
      kind: "protocolVersion",
      message: "This sidecar speaks version 1 of the protocol, the client version 0.",
    });
  });

  test("that match leave a setting that makes no sense to be named", async () => {
    const model = { path: "a.gguf", threads: 0 };
    const refused = await refusedHandshake({ protocolVersion: PROTOCOL_VERSION, model });
    expect(refused).toMatchObject({ kind: "badSetting" });
    expect(refused?.message).toMatch(
      /^The configuration cannot be used: model\.threads: [^.]+\.$/u,
    );
  });

  async function refusedHandshake(initializationOptions: object): Promise<ErrorData | undefined> {
    const { fork } = await import("node:child_process");
    const { createMessageConnection, IPCMessageReader, IPCMessageWriter } =
      await import("vscode-jsonrpc/node");
    const child = fork("dist/sidecar.mjs", ["--node-ipc"], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const connection = createMessageConnection(
      new IPCMessageReader(child),
      new IPCMessageWriter(child),
    );
    connection.listen();
    const handshake = connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities: {},
      initializationOptions,
    });
    try {
      return await errorOf(handshake);
    } finally {
      connection.dispose();
      child.kill("SIGKILL");
    }
  }
});

describe("a context", () => {
  test("that is not open is refused everywhere", async () => {
    const at = { contextId: "nowhere", version: 1 };
    const unknown = { kind: "unknownContext" };
    expect(await errorOf(sidecar.request(Warm, at))).toMatchObject(unknown);
    const generate = sidecar.request(Generate, { ...at, streamToken: "s", sampling: {} });
    expect(await errorOf(generate)).toMatchObject(unknown);
    expect(await change("nowhere", 1, 2, [])).toMatchObject(unknown);
  });

  test("is gone when it is closed, and closing it again is no error", async () => {
    await open(sidecar, "closing", [user("u1", "One.")]);
    await sidecar.request(CloseContext, { contextId: "closing" });
    await sidecar.request(CloseContext, { contextId: "closing" });
    const warm = sidecar.request(Warm, { contextId: "closing", version: 1 });
    expect(await errorOf(warm)).toMatchObject({ kind: "unknownContext" });
  });

  test("without any text is refused", async () => {
    await open(sidecar, "empty", []);
    const tools = await errorOf(sidecar.request(Warm, { contextId: "empty", version: 9 }));
    expect(tools.kind).toBe("versionMismatch");
  });

  test("keeps its version when one of several edits is refused", async () => {
    await open(sidecar, "atomic", [user("u1", "One.")]);
    const edits: Edit[] = [
      { kind: "insert", after: "u1", segments: [user("u2", "Two.")] },
      { kind: "remove", ids: ["nobody"] },
    ];
    expect(await change("atomic", 1, 2, edits)).toMatchObject({ kind: "badEdit" });
    const [first] = edits;
    await sidecar.request(ChangeContext, {
      contextId: "atomic",
      fromVersion: 1,
      version: 2,
      edits: [first!],
    });
  });

  test("refuses an answer that the sidecar does not have", async () => {
    await open(sidecar, "adopting", [user("u1", "One.")]);
    const adopt: Edit = {
      kind: "adopt",
      generationId: "never",
      id: "a1",
      after: "u1",
      stability: "history",
    };
    expect(await change("adopting", 1, 2, [adopt])).toMatchObject({ kind: "unknownGeneration" });
  });
});

async function change(
  contextId: string,
  fromVersion: number,
  version: number,
  edits: Edit[],
): ReturnType<typeof errorOf> {
  return await errorOf(sidecar.request(ChangeContext, { contextId, fromVersion, version, edits }));
}

import { beforeEach, describe, expect, it } from "vitest";
import { append, patchSegment } from "../context/change.ts";
import { emptyContext } from "../context/state.ts";
import type { TextSegment } from "../../protocol/segment.ts";
import { Conversation } from "./conversation.ts";
import { cancelled, FakeConnection, refusal, resultOf } from "./fake-connection.test-support.ts";

const CHANGE = "kvasir/context/change";
const GENERATE = "kvasir/generate";
const greedy = { sampling: { temperature: 0 } };

let connection: FakeConnection;
let conversation: Conversation;

beforeEach(() => {
  connection = new FakeConnection();
  conversation = new Conversation(connection, append(emptyContext("c"), [message("first")]));
});

function message(id: string): TextSegment {
  return { id, kind: "message", stability: "recent", role: "user", text: `text of ${id}` };
}

function say(id: string): void {
  conversation.update((state) => append(state, [message(id)]));
}

const ids = (): string[] => conversation.state.segments.map(({ id }) => id);

describe("synchronisation", () => {
  it("opens the context first and sends only changes from then on", async () => {
    await conversation.generate(greedy);
    say("second");
    await conversation.generate(greedy);
    expect(connection.methods).toEqual(["context/open", "generate", "context/change", "generate"]);
  });

  it("sends nothing when nothing has changed", async () => {
    await conversation.warm();
    await conversation.warm();
    expect(connection.methods).toEqual(["context/open", "warm", "warm"]);
  });

  it("has the sidecar adopt its own answer instead of sending the text back", async () => {
    const { segment } = await conversation.generate(greedy);
    say("second");
    await conversation.warm();
    const { id } = segment;
    expect(connection.last(CHANGE)?.["edits"]).toEqual([
      { kind: "adopt", generationId: id, id, after: "first", stability: "recent" },
      { kind: "insert", after: id, segments: [message("second")] },
    ]);
  });

  it("sends an answer that was changed before the sidecar adopted it", async () => {
    const { segment } = await conversation.generate(greedy);
    const start = { line: 0, character: 0 };
    conversation.update((state) =>
      patchSegment(state, segment.id, [{ range: { start, end: start }, text: "not " }]),
    );
    await conversation.warm();
    expect(connection.last(CHANGE)?.["edits"]).toMatchObject([
      { kind: "insert", segments: [{ id: segment.id, text: "not an answer" }] },
    ]);
  });

  it("asks about the version that the sidecar has confirmed", async () => {
    await conversation.warm();
    say("second");
    await conversation.warm();
    const { version } = conversation.state;
    expect(connection.last(CHANGE)).toMatchObject({ fromVersion: version - 1, version });
    expect(connection.last("kvasir/warm")).toEqual({ contextId: "c", version });
  });
});

describe("recovery", () => {
  it.each(["unknownContext", "versionMismatch", "badEdit", "unknownGeneration"] as const)(
    "opens the context again when a change fails with %s",
    async (kind) => {
      await conversation.generate(greedy);
      say("second");
      connection.calls.length = 0;
      connection.next(CHANGE, refusal(kind));
      await conversation.generate(greedy);
      expect(connection.methods).toEqual(["context/change", "context/open", "generate"]);
      expect(ids()).toHaveLength(4);
    },
  );

  it("opens the context again when the sidecar has lost it since", async () => {
    await conversation.warm();
    connection.calls.length = 0;
    connection.next(GENERATE, refusal("unknownContext"));
    const { segment } = await conversation.generate(greedy);
    expect(connection.methods).toEqual(["generate", "context/open", "generate"]);
    expect(segment.text).toBe("an answer");
  });

  it("tries only once", async () => {
    connection.next(GENERATE, refusal("unknownContext")).next(GENERATE, refusal("unknownContext"));
    await expect(conversation.generate(greedy)).rejects.toThrow("unknownContext");
    expect(connection.methods).toEqual(["context/open", "generate"]);
  });

  it("passes other refusals on and keeps the sidecar's copy", async () => {
    connection.next(GENERATE, refusal("promptTooLong"));
    await expect(conversation.generate(greedy)).rejects.toThrow("promptTooLong");
    await conversation.warm();
    expect(connection.methods).toEqual(["context/open", "generate", "warm"]);
  });

  it("keeps the state and opens again after the connection failed in an answer", async () => {
    connection.next(GENERATE, (params) => {
      connection.say(params, "half an ans");
      throw new Error("The sidecar ended.");
    });
    await expect(conversation.generate(greedy)).rejects.toThrow("The sidecar ended.");
    expect(ids()).toEqual(["first"]);
    expect(connection.openStreams).toBe(0);
    await conversation.warm();
    expect(connection.methods).toEqual(["context/open", "generate", "context/open", "warm"]);
  });
});

describe("a question aside", () => {
  it("is answered behind everything else, and is never part of the context", async () => {
    let during: string[] = [];
    connection.next(GENERATE, (params) => {
      during = ids();
      connection.say(params, "in short");
      return resultOf("end");
    });
    const { segment } = await conversation.askAside(message("aside"), greedy);
    expect(segment.text).toBe("in short");
    expect([during, ids()]).toEqual([["first"], ["first"]]);
  });

  it("is taken out of the sidecar's copy by a version newer than the one that held it", async () => {
    await conversation.warm();
    await conversation.askAside(message("aside"), greedy);
    const asked = connection.last(CHANGE)!;
    say("second");
    await conversation.warm();
    const next = connection.last(CHANGE)!;
    expect(next["fromVersion"]).toBe(asked["version"]);
    expect(next["version"]).toBeGreaterThan(Number(asked["version"]));
    expect(next["edits"]).toMatchObject([
      { kind: "remove", ids: ["aside"] },
      { kind: "insert", segments: [{ id: "second" }] },
    ]);
  });

  it("leaves the context as it was when it is refused", async () => {
    connection.next(GENERATE, refusal("promptTooLong"));
    await expect(conversation.askAside(message("aside"), greedy)).rejects.toThrow("promptTooLong");
    expect(ids()).toEqual(["first"]);
  });
});

describe("cancellation", () => {
  it("keeps what came of a cancelled answer", async () => {
    connection.next(GENERATE, (params) => {
      connection.say(params, "half");
      return resultOf("cancelled");
    });
    const { stop, segment } = await conversation.generate(greedy);
    expect(stop).toBe("cancelled");
    expect(conversation.state.segments.at(-1)).toEqual(segment);
    expect(segment.text).toBe("half");
  });

  it("resolves when the request is answered as cancelled", async () => {
    connection.next(GENERATE, cancelled);
    const { stop, usage } = await conversation.generate(greedy);
    expect(stop).toBe("cancelled");
    expect(usage.promptTokens).toBe(0);
    expect(ids()).toEqual(["first"]);
  });

  it("appends nothing for a cancelled answer without a word", async () => {
    connection.next(GENERATE, () => resultOf("cancelled"));
    await conversation.generate(greedy);
    expect(ids()).toEqual(["first"]);
  });

  it("does not ask at all when the signal has fired before", async () => {
    const { stop } = await conversation.generate({ ...greedy, signal: AbortSignal.abort() });
    expect(stop).toBe("cancelled");
    expect(connection.methods).toEqual(["context/open"]);
  });
});

describe("order", () => {
  it("starts an operation only after the one before has ended", async () => {
    const first = conversation.generate(greedy);
    const second = conversation.generate(greedy);
    await Promise.all([first, second]);
    expect(connection.methods).toEqual(["context/open", "generate", "context/change", "generate"]);
  });

  it("goes on after an operation that failed", async () => {
    connection.next(GENERATE, refusal("busy"));
    const first = conversation.generate(greedy);
    const second = conversation.generate(greedy);
    await expect(first).rejects.toThrow("busy");
    expect((await second).segment.text).toBe("an answer");
  });

  it("puts an answer behind what it answers, whatever came meanwhile", async () => {
    connection.next(GENERATE, () => {
      say("meanwhile");
      return resultOf("end");
    });
    const { segment } = await conversation.generate(greedy);
    expect(ids()).toEqual(["first", segment.id, "meanwhile"]);
  });

  it("refuses when too many operations wait", async () => {
    const operations = Array.from({ length: 20 }, () => conversation.warm());
    const outcomes = await Promise.allSettled(operations);
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(3);
    expect(refused[0]).toMatchObject({ reason: { data: { kind: "busy" } } });
  });

  it("closes the context at the sidecar", async () => {
    await conversation.warm();
    await conversation.close();
    expect(connection.methods).toEqual(["context/open", "warm", "context/close"]);
  });
});

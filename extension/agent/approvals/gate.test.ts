import { describe, expect, it } from "vitest";
import type { Approval, ApprovalRequest } from "../ports/approvals.ts";
import { Gate } from "./gate.ts";
import { STRICT } from "./policy.test-support.ts";

const { signal } = new AbortController();
const write = (path: string) => ({ kind: "write", path, inside: true }) as const;
const run = (command: string) => ({ kind: "command", command, shell: "posix" }) as const;

/** A person who gives these answers, and the questions that were asked. */
function person(...answers: Approval[]) {
  const asked: ApprovalRequest[] = [];
  const approvals = {
    request: async (request: ApprovalRequest) => {
      asked.push(request);
      await Promise.resolve();
      return answers.shift() ?? ({ kind: "no", sentence: "No more." } as const);
    },
  };
  return { asked, approvals };
}

const yes = (lasts: "once" | "session" | "always"): Approval => ({ kind: "yes", lasts });

describe("a yes", () => {
  it("for once is asked for again", async () => {
    const { asked, approvals } = person(yes("once"), yes("once"));
    const gate = new Gate(approvals, STRICT);
    await gate.pass(write("a"), signal);
    await gate.pass(write("b"), signal);
    expect(asked.map(({ detail }) => detail)).toEqual(["a", "b"]);
  });

  it.each(["session", "always"] as const)("for %s holds for all of its kind", async (lasts) => {
    const { asked, approvals } = person(yes(lasts));
    const gate = new Gate(approvals, STRICT);
    const passed = [await gate.pass(write("a"), signal), await gate.pass(write("b"), signal)];
    expect(passed.map(({ kind }) => kind)).toEqual(["passed", "passed"]);
    expect(asked).toHaveLength(1);
  });

  it("answers questions that wait behind it", async () => {
    const { asked, approvals } = person(yes("session"));
    const gate = new Gate(approvals, STRICT);
    const passed = await Promise.all([
      gate.pass(run("npm test"), signal),
      gate.pass(run("npm test"), signal),
    ]);
    expect(passed.map(({ kind }) => kind)).toEqual(["passed", "passed"]);
    expect(asked).toHaveLength(1);
  });

  it("to something dangerous is never kept", async () => {
    const { asked, approvals } = person(yes("always"), yes("always"));
    const gate = new Gate(approvals, STRICT);
    await gate.pass(run("rm -rf src"), signal);
    await gate.pass(run("rm -rf src"), signal);
    expect(asked.map(({ grant }) => grant)).toEqual([null, null]);
  });
});

describe("a no", () => {
  it("says why, and the next one is asked about all the same", async () => {
    const { approvals } = person({ kind: "no", sentence: "Not that file." }, yes("once"));
    const gate = new Gate(approvals, STRICT);
    expect(await gate.pass(write("a"), signal)).toEqual({
      kind: "refused",
      sentence: "Not that file.",
    });
    expect(await gate.pass(write("a"), signal)).toEqual({ kind: "passed" });
  });

  it("is what somebody gets who has been stopped", async () => {
    const { asked, approvals } = person(yes("once"));
    const controller = new AbortController();
    controller.abort();
    const gate = new Gate(approvals, STRICT);
    expect(await gate.pass(write("a"), controller.signal)).toMatchObject({ kind: "refused" });
    expect(asked).toEqual([]);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EditorWindow } from "./support/editor-window.ts";
import { Session } from "./support/session.ts";

const SETTING = "kvasir.agent.editorTools";
const ECHO = "probe_echo";

describe("tools of other extensions", () => {
  let session: Session;
  let window: EditorWindow;

  beforeAll(async () => {
    session = await Session.start();
    const folder = session.makeWorkspace({
      ".vscode/settings.json": JSON.stringify({ [SETTING]: [ECHO] }),
    });
    window = await session.openWindow(folder);
    await window.ready();
  });
  afterEach(({ task }) => session.showFailure(task));
  afterAll(() => session?.stop());

  const use = async (given: Record<string, unknown>, more: { stopAfterMs?: number } = {}) =>
    await window.probe.call("useTool", { name: ECHO, given, allowed: true, ...more });

  it("are not offered because a folder says so", async () => {
    expect(await window.probe.call("offeredTools")).toEqual([]);
  });

  it("are chosen by the user, one by one", async () => {
    await window.probe.call("configure", { [SETTING]: ["probe_gone"] });
    await window.runCommand("Kvasir: Choose Tools");
    const row = (name: string) =>
      window.page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first();
    await row("probe_gone").getByText("Not available now").waitFor();
    await window.page.keyboard.type(ECHO);
    await row(ECHO).locator("input, .monaco-checkbox").first().click();
    await window.screenshot("t-choose-tools");
    await window.page.getByRole("button", { name: "OK", exact: true }).click();
    await expect.poll(() => window.probe.call("setting", SETTING)).toEqual([ECHO, "probe_gone"]);
    // The model sees the schema as its own: every argument is written, null for those not used.
    expect(await window.probe.call("offeredTools")).toEqual([
      {
        name: ECHO,
        description: "Says what it was given.",
        parameters: {
          type: "object",
          properties: {
            kind: { type: "string", description: "What to do." },
            count: { type: ["integer", "null"] },
          },
          required: ["kind", "count"],
        },
      },
    ]);
  });

  it("are given what is used, once a person has seen and allowed it", async () => {
    const { kind, text, asked } = await use({ kind: "echo", count: null });
    expect({ kind, text }).toEqual({ kind: "done", text: '{"kind":"echo"}' });
    expect(asked).toEqual([`${ECHO} {"kind":"echo"}`]);
    expect((await use({ kind: "echo", count: 2 })).text).toBe('{"kind":"echo","count":2}');
  });

  it("are not used without a yes", async () => {
    const refused = await window.probe.call("useTool", {
      name: ECHO,
      given: { kind: "echo" },
      allowed: false,
    });
    expect(refused).toMatchObject({
      kind: "failed",
      text: `${ECHO} was not used: the user said no.`,
    });
  });

  it("answer in text, and what is none is named", async () => {
    expect((await use({ kind: "parts" })).text).toBe(
      'text\n{\n\t"a": 1\n}\n(image/png of 3 bytes, which cannot be shown here)\nrendered',
    );
  });

  it("have long answers cut in the middle, with a way to read the rest", async () => {
    const { text } = await use({ kind: "long" });
    expect(text.length).toBeLessThan(13_000);
    expect(text).toContain('[5000 lines in all; read_file with path "output:1" shows the others]');
  });

  it("fail with what they say", async () => {
    const failed = await use({ kind: "fail" });
    expect(failed.kind).toBe("thrown");
    expect(failed.text).toContain("The probe cannot do that.");
  });

  it("are left when they are told to stop, even if they do not", async () => {
    expect((await use({ kind: "hang" }, { stopAfterMs: 500 })).kind).toBe("thrown");
  });
});

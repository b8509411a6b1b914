import { expect, it } from "vitest";
import { Meter, type MeterReading } from "../../protocol/meter.ts";
import { call, calls, finish, scriptedAgents } from "../support/scripted-agent.ts";

const newAgent = scriptedAgents();

it("what a call has shown is read while another one still runs", async () => {
  const agent = newAgent();
  const lines = Array.from({ length: 120 }, (_, line) => `export const value${line} = ${line};\n`);
  agent.write({ "values.ts": lines.join("") });
  const readings: MeterReading[] = [];
  const listen = (): void => {
    agent.sidecar.onNotification(Meter, (reading) => {
      readings.push(reading);
      // The command waits for this file.
      if (reading.task === "warm") agent.write({ go: "" });
    });
  };
  const { outcome, events, results } = await agent.run(
    "Look, then wait.",
    [
      calls(
        ["read_file", { path: "values.ts", start_line: 1, end_line: 0 }],
        [
          "run_command",
          { command: "until test -e go; do sleep 0.05; done; echo gone", seconds: 120 },
        ],
      ),
      finish("Seen."),
    ],
    {
      yesCommands: true,
      // The connection has one listener, and the window has put its own there when it was opened.
      onEvent: ({ kind }) => kind === "stepStarted" && listen(),
    },
  );
  expect(outcome).toEqual({ kind: "done", text: "Seen." });
  expect(results[1]).toContain("gone");
  const warmed = readings.find(({ task }) => task === "warm")!.usage.prefilledTokens;
  expect(warmed).toBeGreaterThan(1000);
  const usages = events.flatMap((event) => (event.kind === "answered" ? [event.usage] : []));
  // The result of the command, and what a template puts around it.
  expect(usages[1]!.prefilledTokens).toBeLessThan(150);
});

it("notes of results stand behind all of them, though one came early", async () => {
  const agent = newAgent();
  agent.write({ "src/AGENTS.md": "Be terse.", "src/a.ts": "a\n", "b.ts": "b\n" });
  const { segments } = await agent.run("Look.", [
    calls(
      ["read_file", { path: "src/a.ts", start_line: 1, end_line: 0 }],
      ["read_file", { path: "b.ts", start_line: 1, end_line: 0 }],
    ),
    call("finish", { summary: "Seen." }),
  ]);
  const order = segments.map(({ role, kind }) => (kind === "note" ? kind : role));
  const last = order.lastIndexOf("note");
  expect(order.slice(order.indexOf("tool"), last + 1)).toEqual(["tool", "tool", "note"]);
});

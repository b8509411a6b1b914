import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { headlessHost, type HeadlessOptions } from "../../cli/agent/headless-host.ts";
import type { FileLines } from "../../extension/agent/ports/agent-window.ts";
import type { ToolHost, ToolOutcome } from "../../extension/agent/tools/tool.ts";
import { toolSet } from "../../extension/agent/tools/tool-set.ts";

/** A folder on disk in which single tools run as they do for the agent, without a model. */
export class ToolBench {
  readonly root: string;
  readonly outside: string;
  readonly shown: FileLines[] = [];
  readonly #options: Partial<HeadlessOptions>;
  readonly #parts: Partial<ToolHost>;
  #host: ToolHost | null = null;

  constructor(
    options: Partial<HeadlessOptions> = { yesEdits: true, yesCommands: true },
    parts: Partial<ToolHost> = {},
  ) {
    this.#options = options;
    this.#parts = parts;
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "kvasir-tools-")));
    this.root = join(folder, "workspace");
    this.outside = join(folder, "outside");
    mkdirSync(this.root);
    mkdirSync(this.outside);
  }

  write(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), content);
    }
  }

  /** All files of both folders with their bytes, to see that nothing has changed. */
  snapshot(): Record<string, string> {
    const folder = dirname(this.root);
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(
      paths.map((path) => [path.slice(folder.length + 1), readFileSync(path).toString("base64")]),
    );
  }

  async host(): Promise<ToolHost> {
    this.#host ??= {
      ...(await headlessHost(this.root, { onChanged: () => undefined, ...this.#options })),
      window: {
        shows: (file) => this.shown.some((shown) => JSON.stringify(shown) === JSON.stringify(file)),
        noteChange: () => undefined,
        staleText: () => null,
      },
      ...this.#parts,
    };
    return this.#host;
  }

  async run(
    name: string,
    given: Record<string, unknown>,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<ToolOutcome> {
    const tool = toolSet("full").find(({ schema }) => schema.name === name)!;
    const prepared = tool.prepare(given);
    if (prepared.kind === "refused") return { kind: "failed", text: prepared.text };
    const outcome = await prepared.run({
      host: await this.host(),
      signal,
      onOutput: () => undefined,
    });
    if (outcome.kind === "done" && outcome.file !== undefined) this.shown.push(outcome.file);
    return outcome;
  }

  forget(): void {
    rmSync(dirname(this.root), { recursive: true, force: true });
  }
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { sep } from "node:path";
import { codeOf } from "../file-problem.ts";
import { globMatcher } from "../glob-matcher.ts";
import type { FoundFiles, FoundText, Search, SearchRefused, TextHit } from "../ports/search.ts";
import { startProblem } from "./node-start-problem.ts";

/** Lines that one search takes from ripgrep; a search with more is far too wide. */
const LINES_MAX = 200_000;
/** Hits in one file; more say nothing new. */
const HITS_PER_FILE_MAX = 100;
const FILE_SIZE_MAX = "4M";

/** Hidden files are part of a project; what Git keeps for itself is not. */
const COMMON = ["--no-config", "--hidden", "--no-require-git", "--glob=!.git", "--color=never"];

type Ended = { readonly code: number | null; readonly cut: boolean; readonly complaint: string };

/** Searches a folder with ripgrep: the editor's own, or one that is installed. */
export class RipgrepSearch implements Search {
  readonly #program: string;
  readonly #root: string;

  constructor(program: string, root: string) {
    this.#program = program;
    this.#root = root;
  }

  async files(
    glob: string,
    { max, signal }: { readonly max: number; readonly signal: AbortSignal },
  ): Promise<FoundFiles | SearchRefused> {
    const wanted = globMatcher(glob);
    if (wanted.kind === "refused") return wanted;
    const paths: string[] = [];
    const end = await this.#run(["--files"], signal, (line) => {
      const path = slashes(line);
      if (wanted.matches(path)) paths.push(path);
    });
    if (end.code === 2 && paths.length === 0) return refused(end.complaint);
    return { paths: paths.toSorted().slice(0, max), total: paths.length };
  }

  async text(
    pattern: string,
    options: { readonly glob: string; readonly max: number; readonly signal: AbortSignal },
  ): Promise<FoundText | SearchRefused> {
    const wanted = globMatcher(options.glob);
    if (wanted.kind === "refused") return wanted;
    const hits: TextHit[] = [];
    const limits = [`--max-count=${HITS_PER_FILE_MAX}`, `--max-filesize=${FILE_SIZE_MAX}`];
    const args = ["--json", ...limits, "--regexp", pattern, "--", "."];
    const end = await this.#run(args, options.signal, (line) => {
      const hit = hitOf(line);
      if (hit !== null && wanted.matches(hit.path)) hits.push(hit);
    });
    if (end.code === 2 && hits.length === 0) return refused(end.complaint);
    // It searches with several threads, and in another order each time.
    const inOrder = hits.toSorted((a, b) =>
      a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1,
    );
    return { hits: inOrder.slice(0, options.max), more: end.cut || hits.length > options.max };
  }

  async #run(
    args: readonly string[],
    signal: AbortSignal,
    onLine: (line: string) => void,
  ): Promise<Ended> {
    const child = spawn(this.#program, [...COMMON, ...args], {
      cwd: this.#root,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    const closed = once(child, "close") as Promise<[number | null]>;
    closed.catch(() => undefined);
    const stop = (): void => void child.kill();
    signal.addEventListener("abort", stop, { once: true });
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
    let lines = 0;
    let unfinished = "";
    const failures: Error[] = [];
    // Nobody would catch what is thrown while output arrives.
    const take = (line: string): void => {
      try {
        onLine(line);
      } catch (error) {
        failures.push(error instanceof Error ? error : new Error(String(error)));
      }
    };
    // A portion of output at a time: a task for every line would take longer than the search.
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const portion = (unfinished + text).split("\n");
      unfinished = portion.pop()!;
      for (const line of portion) if (++lines <= LINES_MAX) take(line);
      if (lines > LINES_MAX) stop();
    });
    try {
      const [code] = await closed;
      if (unfinished !== "") take(unfinished);
      const [failure] = failures;
      if (failure !== undefined) throw failure;
      return { code, cut: lines > LINES_MAX, complaint };
    } catch (error) {
      if (codeOf(error) === null) throw error;
      const program = { program: "The search program ripgrep (rg)", folder: this.#root };
      return { code: 2, cut: false, complaint: await startProblem(error, program) };
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }
}

function refused(complaint: string): SearchRefused {
  const said = complaint.replaceAll(/\s*\n\s*/gu, " ").trim();
  return { kind: "refused", sentence: said === "" ? "The search failed." : said.slice(0, 500) };
}

type Message = {
  readonly type: string;
  readonly data: {
    readonly path?: { readonly text?: string };
    readonly lines?: { readonly text?: string };
    readonly line_number?: number | null;
  };
};

/** A file name or a line that is no UTF-8 comes without text and is left out. */
function hitOf(json: string): TextHit | null {
  const { type, data } = JSON.parse(json) as Message;
  if (type !== "match") return null;
  const path = data.path?.text;
  const text = data.lines?.text;
  if (path === undefined || text === undefined || data.line_number == null) return null;
  return { path: slashes(path), line: data.line_number, text };
}

function slashes(path: string): string {
  return (sep === "/" ? path : path.replaceAll(sep, "/")).replace(/^\.\//u, "");
}

import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { inject, type TestContext } from "vitest";
import { startCodeServer } from "../hosts/code-server.ts";
import type { EditorHost, EditorHostOptions } from "../hosts/editor-host.ts";
import { EditorWindow } from "./editor-window.ts";
import { settings } from "./settings.ts";

const ACTION_MS_MAX = 15_000;
const VIEWPORT = { width: 1_280, height: 800 };

/** No sandbox and no graphics in a container, and nothing that looks for the internet. */
const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--no-first-run",
  // A window behind another goes on drawing, as it does on a desktop.
  "--disable-renderer-backgrounding",
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
];

/** A workspace folder's files, by their paths. */
export type Files = Readonly<Record<string, string>>;

/** An editor and a browser for the tests of one file. */
export class Session {
  readonly #host: EditorHost;
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  readonly #windows: EditorWindow[] = [];

  private constructor(host: EditorHost, browser: Browser, context: BrowserContext) {
    this.#host = host;
    this.#browser = browser;
    this.#context = context;
  }

  static async start(options: EditorHostOptions = {}): Promise<Session> {
    const host = await startCodeServer(inject("codeServer"), {
      ...options,
      settings: settings(options.settings),
    });
    let browser: Browser | undefined;
    try {
      browser = await chromium.launch({
        executablePath: process.env["KVASIR_CHROMIUM"] ?? "/usr/bin/chromium",
        args: CHROMIUM_ARGS,
      });
      const context = await browser.newContext({ viewport: VIEWPORT });
      return new Session(host, browser, context);
    } catch (error) {
      await endAll(host, browser);
      throw error;
    }
  }

  /** For `afterEach`: shows what a failed test has left. */
  async showFailure({ name: test, result }: TestContext["task"]): Promise<void> {
    if (result?.state !== "fail") return;
    const name = `failed-${test.replaceAll(/\W+/g, "-")}`;
    for (const [index, window] of this.#windows.entries()) {
      if (!window.page.isClosed()) await window.screenshot(`${name}-${index + 1}`);
    }
  }

  get userFolder(): string {
    return this.#host.userFolder;
  }

  makeWorkspace(files: Files): string {
    const folder = mkdtempSync(join(inject("codeServer").temporaryFolder, "workspace-"));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  }

  async openWindow(folder: string, openFile?: string): Promise<EditorWindow> {
    const url = this.#host.urlOf(folder, openFile);
    if (url === null) throw new Error("This editor cannot be used from a browser.");
    const page = await this.#context.newPage();
    page.setDefaultTimeout(ACTION_MS_MAX);
    const { probeFolder } = this.#host;
    const window = await EditorWindow.open(page, url, { probeFolder, folder });
    this.#windows.push(window);
    return window;
  }

  async stop(): Promise<void> {
    await endAll(this.#host, this.#browser);
  }
}

/** What a browser says as it is closed leaves no editor behind. */
async function endAll(host: EditorHost, browser: Browser | undefined): Promise<void> {
  try {
    await browser?.close();
  } finally {
    await host.stop();
  }
}

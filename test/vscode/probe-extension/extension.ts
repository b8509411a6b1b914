import { existsSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import { rememberStorage } from "./changes.ts";
import { type Operations, operations } from "./operations.ts";
import { registerProbeTool } from "./tools.ts";

const STOP_INTERVAL_MS = 200;

type Call = { readonly operation: keyof Operations; readonly argument: never };

/**
 * Serves the tests on a port of its own, and announces it in a file named after this process. It is
 * active from the start of a window, before the extension that is tested.
 */
export function activate(context: vscode.ExtensionContext): void {
  const folder = process.env["KVASIR_PROBE_FOLDER"];
  if (folder === undefined) return;
  rememberStorage(context);
  const server = createServer((request, response) => {
    serve(request).then(
      (value) => response.end(JSON.stringify({ value })),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, "127.0.0.1", () => {
    const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? null;
    const announcement = { address: server.address(), processId: process.pid, workspace };
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(announcement));
  });
  context.subscriptions.push({ dispose: () => server.close() }, registerProbeTool());
}

/** Where the editor believes to run tests: keeps its window open until a file asks it to end. */
export async function run(): Promise<void> {
  const stop = join(process.env["KVASIR_PROBE_FOLDER"] ?? ".", "stop");
  while (!existsSync(stop)) await delay(STOP_INTERVAL_MS);
}

async function serve(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const call = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Call;
  return await operations[call.operation](call.argument);
}

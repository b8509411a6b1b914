import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { defaultModelFolder } from "../../../cli/models/cache-folder.ts";

const run = promisify(execFile);

/** Its editor is VS Code 1.139.1. */
const CODE_SERVER_VERSION = "4.139.1";
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/**
 * The program of code-server, installed on first use into the cache folder. That takes about two
 * minutes, because it compiles native packages; it needs python3, make, g++, pkg-config and the
 * Debian packages libkrb5-dev, libsecret-1-dev, libx11-dev and libxkbfile-dev. The headers to
 * compile against come from the npm package of this Node, so nothing else is downloaded.
 */
export async function installCodeServer(): Promise<string> {
  const folder = join(dirname(defaultModelFolder()), "code-server", CODE_SERVER_VERSION);
  const program = join("node_modules", "code-server", "out", "node", "entry.js");
  if (existsSync(join(folder, program))) return join(folder, program);
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  const headers = join(unfinished, "node");
  await npmInstall(headers, `node-${process.platform}-${process.arch}@${process.versions.node}`);
  const nodedir = join(headers, "node_modules", `node-${process.platform}-${process.arch}`);
  await npmInstall(unfinished, `code-server@${CODE_SERVER_VERSION}`, {
    npm_config_nodedir: nodedir,
  });
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
  return join(folder, program);
}

async function npmInstall(
  folder: string,
  specifier: string,
  environment: Record<string, string> = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "private": true }\n');
  const script = process.env["npm_execpath"];
  const [program, ...args] = script === undefined ? ["npm"] : [process.execPath, script];
  await run(program ?? "npm", [...args, "install", "--no-audit", "--no-fund", specifier], {
    cwd: folder,
    env: { ...process.env, ...environment },
    maxBuffer: OUTPUT_BYTES_MAX,
  });
}

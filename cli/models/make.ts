// `node cli/models/make.ts tiny bench` generates the named models and prints their paths and sizes.

import { statSync } from "node:fs";
import { catalogue } from "./catalogue.ts";
import { ensureModel } from "./ensure-model.ts";

const names = process.argv.slice(2);

if (names.length === 0) {
  console.error(
    `Usage: node cli/models/make.ts NAME...\nModels: ${Object.keys(catalogue).join(", ")}`,
  );
  process.exitCode = 2;
}

try {
  for (const name of names) {
    const path = await ensureModel(name);
    console.log(`${path}\t${(statSync(path).size / 1_000_000).toFixed(1)} MB`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

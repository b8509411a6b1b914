import { parseArgs } from "node:util";

export type PeersArguments =
  | {
      readonly kind: "run";
      readonly caseName: string;
      readonly quick: boolean;
      readonly json: boolean;
      readonly threads: number | null;
    }
  | { readonly kind: "wrong"; readonly message: string };

/** Reads the command line: one case, and options. */
export function peersArguments(
  args: readonly string[],
  caseNames: readonly string[],
): PeersArguments {
  const known = `the cases are ${caseNames.join(", ")}`;
  const parsed = parse(args);
  if (typeof parsed === "string") return wrong(parsed);
  const { values, positionals } = parsed;
  const [caseName, ...others] = positionals;
  if (caseName === undefined) return wrong(`Name a case: ${known}.`);
  if (!caseNames.includes(caseName)) return wrong(`There is no case “${caseName}”; ${known}.`);
  if (others.length > 0) return wrong(`One case at a time; ${others.join(" ")} is too much.`);
  const threads = values.threads === undefined ? null : Number(values.threads);
  if (threads !== null && (!Number.isSafeInteger(threads) || threads < 1)) {
    return wrong("--threads has to be a whole number of at least 1.");
  }
  return { kind: "run", caseName, quick: values.quick, json: values.json, threads };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        quick: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        threads: { type: "string" },
      },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function wrong(message: string): PeersArguments {
  return { kind: "wrong", message };
}

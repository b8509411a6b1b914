import type { Policy } from "./decide.ts";

/** A trusted workspace in which nothing is allowed without a question. */
export const STRICT: Policy = {
  trusted: true,
  root: "/w",
  edits: false,
  writable: [],
  commands: [],
  external: [],
};

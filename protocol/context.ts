import { RequestType } from "vscode-jsonrpc";
import * as z from "zod";
import { Edit } from "./edit.ts";
import { Id, Segment, Tool } from "./segment.ts";

/** Versions rise by one with every change, like those of LSP documents. */
export const Version = z.int().nonnegative();

export const ContextAt = z.object({ contextId: Id, version: Version });
export type ContextAt = z.infer<typeof ContextAt>;

/**
 * client -> sidecar. Sends a whole context window. Opening an open one replaces it: that is how
 * a client recovers from a version mismatch and from a restart of the sidecar.
 */
export const OpenContextParams = ContextAt.extend({
  segments: z.array(Segment),
  tools: z.array(Tool),
});
export type OpenContextParams = z.infer<typeof OpenContextParams>;
export const OpenContext = new RequestType<OpenContextParams, null, void>("kvasir/context/open");

/**
 * client -> sidecar. Carries edits only, so the bytes sent are proportional to the change.
 * All edits apply, or none. Fails with `unknownContext`, `versionMismatch`, `badEdit` or
 * `unknownGeneration`; the client then re-opens.
 */
export const ChangeContextParams = ContextAt.extend({
  fromVersion: Version,
  edits: z.array(Edit),
});
export type ChangeContextParams = z.infer<typeof ChangeContextParams>;
export const ChangeContext = new RequestType<ChangeContextParams, null, void>(
  "kvasir/context/change",
);

/** client -> sidecar. Forgets a context window. Closing one that is not open is no error. */
export const CloseContextParams = z.object({ contextId: Id });
export type CloseContextParams = z.infer<typeof CloseContextParams>;
export const CloseContext = new RequestType<CloseContextParams, null, void>("kvasir/context/close");

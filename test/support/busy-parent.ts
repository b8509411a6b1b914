import { SidecarProcess } from "../../cli/sidecar-process.ts";
import { OpenContext } from "../../protocol/context.ts";
import { Generate, GenerateStream } from "../../protocol/generate.ts";

/** A parent that dies while its sidecar prefills: tells the test which process must end with it. */
const sidecar = await SidecarProcess.start({
  path: process.env["KVASIR_TEST_MODEL"] ?? null,
  windowTokens: 16_384,
  gpuLayers: 0,
  threads: 1,
});
const text = "word ".repeat(10_000);
await sidecar.request(OpenContext, {
  contextId: "busy",
  version: 1,
  tools: [],
  segments: [{ id: "u", role: "user", kind: "message", stability: "recent", text }],
});
sidecar.onProgress(GenerateStream, "busy", (event) => {
  if (event.kind === "prefill" && event.processedTokens > 0) process.send?.(sidecar.processId);
});
await sidecar.request(Generate, {
  contextId: "busy",
  version: 1,
  streamToken: "busy",
  sampling: {},
});

import type { ModelConfig } from "../protocol/model.ts";
import { type SidecarOptions, SidecarProcess } from "./sidecar-process.ts";

/** Runs a job with a sidecar of its own, which is gone when the job has ended in whatever way. */
export async function withSidecar<T>(
  model: ModelConfig,
  job: (sidecar: SidecarProcess) => Promise<T>,
  options?: SidecarOptions,
): Promise<T> {
  const sidecar = await SidecarProcess.start(model, options);
  try {
    return await job(sidecar);
  } finally {
    await sidecar.stop();
  }
}

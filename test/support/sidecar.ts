import { afterEach } from "vitest";
import { ensureModel } from "../../cli/models/ensure-model.ts";
import { SidecarProcess } from "../../cli/sidecar-process.ts";
import type { ModelConfig } from "../../protocol/model.ts";

const running: SidecarProcess[] = [];

/** Starts the built sidecar with the tiny model; it is stopped after the test. */
export async function startSidecar(config: Partial<ModelConfig> = {}): Promise<SidecarProcess> {
  const sidecar = await SidecarProcess.start({
    path: await ensureModel("tiny"),
    windowTokens: 2_048,
    ...config,
  });
  running.push(sidecar);
  return sidecar;
}

export function stopSidecarsAfterEach(): void {
  afterEach(async () => {
    await Promise.all(running.splice(0).map((sidecar) => sidecar.stop()));
  });
}

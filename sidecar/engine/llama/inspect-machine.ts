import { getLlama, getLlamaGpuTypes, LlamaLogLevel } from "node-llama-cpp";
import type { MachineFacts } from "../../../protocol/machine.ts";
import { freeMemoryBytes } from "./memory.ts";

/** Asks the library what it could use here. */
export async function inspectMachine(): Promise<MachineFacts> {
  const supported = await getLlamaGpuTypes("supported");
  const llama = await getLlama({
    gpu: "auto",
    build: "never",
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.error,
  });
  try {
    const withGpu = llama.gpu !== false;
    return {
      physicalCores: llama.cpuMathCores,
      gpuBackends: supported.filter((backend) => backend !== false),
      gpuDevices: withGpu ? await llama.getGpuDeviceNames() : [],
      gpuMemoryBytes: withGpu ? (await llama.getVramState()).total : 0,
      usableMemoryBytes: freeMemoryBytes(),
    };
  } finally {
    await llama.dispose();
  }
}

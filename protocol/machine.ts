import { RequestType0 } from "vscode-jsonrpc";

/** What the sidecar's engine finds on this machine, with or without a model. */
export type MachineFacts = {
  /** Cores that do arithmetic; more threads than these make decoding slower. */
  readonly physicalCores: number;
  /** Kinds of GPU whose driver is installed here and for which there are binaries. */
  readonly gpuBackends: readonly string[];
  readonly gpuDevices: readonly string[];
  /** Memory of all GPUs together; 0 without one. */
  readonly gpuMemoryBytes: number;
  /** Memory that a model could take now. */
  readonly usableMemoryBytes: number;
};

/** client -> sidecar. Loads no model. */
export const InspectMachine = new RequestType0<MachineFacts, void>("kvasir/machine/inspect");

/**
 * The platforms that a package is made for, by the editor's names, each with the builds of the
 * engine that go in: one for the CPU and, where there is one, one for any GPU (Vulkan; Metal
 * computes on the CPU as well). The builds for CUDA are left out: they weigh several times all the
 * rest, and Vulkan serves the same cards. Who wants them asks for them.
 */
const engineBuilds = {
  "linux-x64": ["linux-x64", "linux-x64-vulkan"],
  "linux-arm64": ["linux-arm64"],
  "win32-x64": ["win-x64", "win-x64-vulkan"],
  "win32-arm64": ["win-arm64"],
  "darwin-x64": ["mac-x64"],
  "darwin-arm64": ["mac-arm64-metal"],
} as const satisfies Record<string, readonly string[]>;

const cudaBuilds: Partial<Record<string, readonly string[]>> = {
  "linux-x64": ["linux-x64-cuda", "linux-x64-cuda-ext"],
  "win32-x64": ["win-x64-cuda", "win-x64-cuda-ext"],
};

export type Target = keyof typeof engineBuilds;

export const targets = Object.keys(engineBuilds);

export function isTarget(name: string): name is Target {
  return Object.hasOwn(engineBuilds, name);
}

export function enginePackagesOf(
  target: Target,
  { cuda }: { readonly cuda: boolean },
): readonly string[] {
  const extra = cuda ? cudaBuilds[target] : [];
  if (extra === undefined) throw new Error(`There are no CUDA builds for ${target}.`);
  return [...engineBuilds[target], ...extra].map((build) => `@node-llama-cpp/${build}`);
}

/** The package with the native code of the store's index. */
export function indexPackageOf(target: Target): string {
  return `@lmdb/lmdb-${target}`;
}

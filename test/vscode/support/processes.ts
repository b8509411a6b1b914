import { execFileSync } from "node:child_process";

type ProcessEntry = {
  readonly id: number;
  readonly parentId: number;
  readonly command: string;
};

const SIDECAR = /[/\\]sidecar\.mjs\b/;

/** The sidecar that an extension host has started, if there is one. */
export function sidecarOf(hostId: number): number | null {
  const sidecar = processes().find(
    ({ parentId, command }) => parentId === hostId && SIDECAR.test(command),
  );
  return sidecar?.id ?? null;
}

export function isAlive(processId: number): boolean {
  return processes().some(({ id }) => id === processId);
}

function processes(): ProcessEntry[] {
  const table = execFileSync("ps", ["-axo", "pid=,ppid=,stat=,args="], { encoding: "utf8" });
  return table.split("\n").flatMap((line) => {
    const [, id, parentId, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    // One that has ended but was not waited for holds nothing any more.
    if (command === undefined || state?.startsWith("Z") === true) return [];
    return [{ id: Number(id), parentId: Number(parentId), command }];
  });
}

import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { usesElectron } from "../hosts/choice.ts";
import { startElectron } from "../hosts/electron.ts";
import { Probe } from "./probe.ts";
import { Session } from "./session.ts";
import { settings } from "./settings.ts";

export type ApiSession = { readonly probe: Probe; readonly stop: () => Promise<void> };

/** One window with a probe, in whichever editor the tests are run. */
export async function startApiSession(): Promise<ApiSession> {
  if (!usesElectron) {
    const session = await Session.start();
    const { probe } = await session.openWindow(session.makeWorkspace({}));
    return { probe, stop: () => session.stop() };
  }
  const { temporaryFolder } = inject("codeServer");
  const workspace = mkdtempSync(join(temporaryFolder, "workspace-"));
  const host = await startElectron({
    temporaryFolder,
    workspace,
    vsix: inject("vsix"),
    probe: inject("probe"),
    settings: settings(),
  });
  const probe = await Probe.ofWindow(host.probeFolder, workspace, new Set());
  return { probe, stop: () => host.stop() };
}

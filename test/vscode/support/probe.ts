import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Operations } from "../probe-extension/operations.ts";
import { isAlive } from "./processes.ts";
import { waitFor } from "./wait-for.ts";

const WINDOW_MS_MAX = 60_000;

type Announcement = {
  readonly address: { readonly port: number };
  readonly processId: number;
  readonly workspace: string | null;
};

/** The probe in the extension host of one window. */
export class Probe {
  readonly #port: number;
  /** The extension host. */
  readonly hostId: number;

  private constructor({ address, processId }: Announcement) {
    this.#port = address.port;
    this.hostId = processId;
  }

  /** Waits for the window on a folder, other than those that were there before. */
  static async ofWindow(
    probeFolder: string,
    workspace: string,
    known: ReadonlySet<number>,
  ): Promise<Probe> {
    const announcement = await waitFor(
      "the extension host",
      () =>
        announcements(probeFolder).find(
          (candidate) =>
            candidate.workspace === workspace &&
            !known.has(candidate.processId) &&
            isAlive(candidate.processId),
        ),
      WINDOW_MS_MAX,
    );
    return new Probe(announcement);
  }

  static known(probeFolder: string): ReadonlySet<number> {
    return new Set(announcements(probeFolder).map(({ processId }) => processId));
  }

  async call<Name extends keyof Operations>(
    operation: Name,
    ...[argument]: Parameters<Operations[Name]>
  ): Promise<Awaited<ReturnType<Operations[Name]>>> {
    const response = await fetch(`http://127.0.0.1:${this.#port}/`, {
      method: "POST",
      body: JSON.stringify({ operation, argument }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    const { value } = JSON.parse(text) as { value: Awaited<ReturnType<Operations[Name]>> };
    return value;
  }
}

function announcements(probeFolder: string): Announcement[] {
  return readdirSync(probeFolder).flatMap((name) => {
    if (!name.endsWith(".json")) return [];
    try {
      return [JSON.parse(readFileSync(join(probeFolder, name), "utf8")) as Announcement];
    } catch {
      // It is being written.
      return [];
    }
  });
}

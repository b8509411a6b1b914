import { battery } from "systeminformation";

/** Asking takes a process on some systems, and plugs are not pulled every second. */
const KNOWN_MS = 60_000;

/** Whether this machine runs on its battery. One that cannot tell does not. */
export class Power {
  #asked: { readonly atMs: number; readonly onBattery: Promise<boolean> } | null = null;

  async onBattery(): Promise<boolean> {
    const nowMs = Date.now();
    if (this.#asked === null || nowMs - this.#asked.atMs > KNOWN_MS) {
      this.#asked = { atMs: nowMs, onBattery: readOnBattery() };
    }
    return await this.#asked.onBattery;
  }
}

async function readOnBattery(): Promise<boolean> {
  try {
    const { hasBattery, acConnected } = await battery();
    return hasBattery && !acConnected;
  } catch {
    return false;
  }
}

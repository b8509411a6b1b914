/** How long freeing the model may take before the process is ended without it. */
const GOODBYE_MS_MAX = 2_000;

/**
 * Ends this process when whoever started it is gone, so that no orphan keeps a model in memory.
 * The channel to the parent closes when the parent dies, however it dies; a decode that is still
 * running in a native thread cannot hold the process up.
 */
export function outliveNobody(goodbye: () => Promise<void>): void {
  let leaving = false;
  const leave = (): void => {
    if (leaving) return;
    leaving = true;
    setTimeout(() => process.kill(process.pid, "SIGKILL"), GOODBYE_MS_MAX).unref();
    void goodbye().finally(() => process.exit(0));
  };
  process.once("disconnect", leave);
  process.once("SIGTERM", leave);
  process.once("SIGINT", leave);
  if (process.argv.includes("--stdio")) process.stdin.once("end", leave).once("close", leave);
}

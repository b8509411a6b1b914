import { inject } from "vitest";

/**
 * Answers that are the same on every run and short. One thread: two that wait for each other crawl
 * while the editor needs the other core.
 */
export function settings(changed: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    "kvasir.model.path": inject("tinyModel"),
    "kvasir.model.contextTokens": 8192,
    "kvasir.model.gpuLayers": 0,
    "kvasir.model.threads": 1,
    "kvasir.sampling.temperature": 0,
    "kvasir.answer.maxTokens": 48,
    // A model of random weights calls no tools.
    "kvasir.agent.tools": "none",
    // What another test has computed would be found on disk.
    "kvasir.store.enabled": false,
    "telemetry.telemetryLevel": "off",
    "workbench.startupEditor": "none",
    "workbench.enableExperiments": false,
    "extensions.autoCheckUpdates": false,
    "chat.tips.enabled": false,
    ...changed,
  };
}

import type { RequestType } from "vscode-jsonrpc";
import { ERROR_CODE, type ErrorKind } from "../../protocol/errors.ts";
import type { GenerateEvent, GenerateResult, StopReason } from "../../protocol/generate.ts";
import type { SidecarConnection, Subscription } from "./connection.ts";

type Call = { readonly method: string; readonly params: Record<string, unknown> };
type Answer = (params: Record<string, unknown>, signal?: AbortSignal) => unknown;

/** Answers requests from a script, by method; what the script does not name succeeds. */
export class FakeConnection implements SidecarConnection {
  readonly calls: Call[] = [];
  readonly #script = new Map<string, Answer[]>();
  readonly #streams = new Map<string, (event: GenerateEvent) => void>();

  /** Scripts the next answer to a method that has none yet. */
  next(method: string, answer: Answer): this {
    this.#script.set(method, [...(this.#script.get(method) ?? []), answer]);
    return this;
  }

  get methods(): string[] {
    return this.calls.map(({ method }) => method.replace("kvasir/", ""));
  }

  /** The parameters of the latest request of a method. */
  last(method: string): Record<string, unknown> | undefined {
    return this.calls.findLast((call) => call.method === method)?.params;
  }

  async request<P, R>(type: RequestType<P, R, void>, params: P, signal?: AbortSignal): Promise<R> {
    const call = { method: type.method, params: params as Record<string, unknown> };
    this.calls.push(call);
    // An answer never comes within the call.
    await Promise.resolve();
    const answer = this.#script.get(type.method)?.shift();
    const result = answer?.(call.params, signal) ?? this.#usual(call);
    return (await result) as R;
  }

  async requestBare<R>(): Promise<R> {
    return await Promise.reject<R>(new Error("The fake has no requests without parameters."));
  }

  onNotification(): Subscription {
    return { dispose: () => undefined };
  }

  onProgress<P>(_type: unknown, token: string, handler: (value: P) => void): Subscription {
    this.#streams.set(token, handler as (event: unknown) => void);
    return { dispose: () => this.#streams.delete(token) };
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  /** Streams text to the request with these parameters. */
  say(params: Record<string, unknown>, text: string): void {
    this.#streams.get(String(params["streamToken"]))?.({ kind: "text", text });
  }

  #usual({ method, params }: Call): unknown {
    if (method === "kvasir/warm") return { usage: usageOf(1) };
    if (method !== "kvasir/generate") return null;
    this.say(params, "an ");
    this.say(params, "answer");
    return resultOf("end");
  }
}

let generations = 0;

export function resultOf(stop: StopReason): GenerateResult {
  return {
    generationId: `generation ${++generations}`,
    stop,
    generated: { fingerprint: "model", tokens: [7, 8] },
    usage: usageOf(2),
    firstTokenMs: 1,
  };
}

export function refusal(kind: ErrorKind): () => never {
  return () => {
    throw Object.assign(new Error(kind), { code: ERROR_CODE, data: { kind, message: kind } });
  };
}

export function cancelled(): never {
  throw Object.assign(new Error("cancelled"), { code: -32_800 });
}

function usageOf(generatedTokens: number): GenerateResult["usage"] {
  return {
    promptTokens: 5,
    prefixTokens: 3,
    splicedTokens: 0,
    restoredTokens: 0,
    forkedTokens: 0,
    prefilledTokens: 2,
    healedTokens: 0,
    staleTokens: 0,
    generatedTokens,
  };
}

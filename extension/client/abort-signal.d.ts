/**
 * The part of the platform's `AbortSignal` that the core uses. The core is compiled without the
 * types of Node and of browsers, and every host of it has this one.
 */
interface AbortSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(): void;
}

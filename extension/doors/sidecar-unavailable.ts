/** There is no sidecar to ask. The message is one sentence for the user. */
export class SidecarUnavailable extends Error {
  override readonly name = "SidecarUnavailable";
  /** Whether it comes back by itself, so that nobody has to restart it. */
  readonly returns: boolean;

  constructor(message: string, options: { readonly returns: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.returns = options.returns;
  }
}

/** There is no sidecar to ask. The message is one sentence for the user. */
export class SidecarUnavailable extends Error {
  override readonly name = "SidecarUnavailable";
}

import { editsCase } from "./edits-case.ts";
import { llamaServer } from "./llama-server.ts";
import type { Peer } from "./peer.ts";
import type { PeersCase } from "./peers-case.ts";

/** What can be measured, and against whom: a new case or peer is a file and a line here. */
export const registry = {
  cases: [editsCase],
  peers: [llamaServer(null), llamaServer(64)],
} as const satisfies { readonly cases: readonly PeersCase[]; readonly peers: readonly Peer[] };

/**
 * The version of this contract. Both halves ship in one package, so they only differ when a
 * process of an older installation is still around: the handshake then refuses in one sentence.
 */
export const PROTOCOL_VERSION = 1;

import { createCipheriv } from "node:crypto";

const ALGORITHM = "aes-128-gcm";
const KEY_BYTES = 16;
const NONCE = Buffer.alloc(12);
export const CHECKSUM_BYTES = 16;

/** As much as is summed at once. */
const WARM_UP_BYTES = 1 << 20;

/** Loads the cipher, which takes milliseconds, so that the first restore does not wait for it. */
export function warmUpChecksum(): void {
  const checksum = new Checksum("00".repeat(KEY_BYTES));
  checksum.add(Buffer.alloc(WARM_UP_BYTES));
  checksum.digest();
}

/**
 * The authentication tag of AES-GCM over data that is not encrypted, under a key taken from a
 * block's hash. Processors compute it ten to twenty times as fast as SHA-256, which would take
 * longer than the engine takes to load the block; and 128 bits leave no room for chance, unlike a
 * CRC. The key is no secret: this finds damage, not forgery. It makes a file valid for its own
 * block only.
 */
export class Checksum {
  readonly #cipher;

  constructor(hash: string) {
    this.#cipher = createCipheriv(
      ALGORITHM,
      Buffer.from(hash, "hex").subarray(0, KEY_BYTES),
      NONCE,
    );
  }

  add(data: Uint8Array): void {
    if (data.length > 0) this.#cipher.setAAD(data);
  }

  digest(): Buffer {
    this.#cipher.final();
    return this.#cipher.getAuthTag();
  }
}

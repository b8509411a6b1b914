import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { Checksum, CHECKSUM_BYTES } from "./checksum.ts";

const HASH = "12".repeat(32);

function sum(hash: string, ...parts: readonly Uint8Array[]): string {
  const checksum = new Checksum(hash);
  for (const part of parts) checksum.add(part);
  return checksum.digest().toString("hex");
}

it("does not depend on how the data is cut", () => {
  const data = randomBytes(10_000);
  const whole = sum(HASH, data);
  expect(whole).toHaveLength(2 * CHECKSUM_BYTES);
  for (const at of [0, 1, 15, 16, 17, 4096, 9999, 10_000]) {
    expect(sum(HASH, data.subarray(0, at), data.subarray(at))).toBe(whole);
  }
});

it("differs for data that differ in one bit, and under another hash", () => {
  const data = randomBytes(1000);
  const whole = sum(HASH, data);
  for (let at = 0; at < data.length; at++) {
    const other = Buffer.from(data);
    other[at]! ^= 1 << (at % 8);
    expect(sum(HASH, other)).not.toBe(whole);
  }
  expect(sum("34".repeat(32), data)).not.toBe(whole);
});

import { expect, it } from "vitest";
import { type CellsIdentity, identityHash } from "./identity.ts";

const identity: CellsIdentity = {
  modelHash: "aa",
  fingerprint: "ff",
  cacheType: "f16",
  engine: "engine 1",
  rope: "{}",
  gpu: null,
  kind: "blocks",
};

it.each([
  { modelHash: "bb" },
  { fingerprint: "fe" },
  { cacheType: "q8_0" },
  { engine: "engine 2" },
  { rope: '{"freq_base":1}' },
  { gpu: "cuda" },
  { kind: "state" },
] as const)("tells cells apart by %o", (change) => {
  expect(identityHash({ ...identity, ...change })).not.toBe(identityHash(identity));
  expect(identityHash({ ...identity })).toBe(identityHash(identity));
});

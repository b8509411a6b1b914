import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Block, blockHash } from "./block-chain.ts";
import { checkBlockFile, describeBlockFile, sealBlockFile } from "./block-file.ts";
import { temporaryFolder, tokensFrom } from "./store-folder.test-support.ts";

const PARENT = "ab".repeat(32);
const STATE = randomBytes(700);

function blockOf(tokens: readonly number[]): Block {
  return { kind: "block", parent: PARENT, hash: blockHash(PARENT, tokens), from: 256, tokens };
}

function sealed(tokens: readonly number[] = tokensFrom(3, 20)): { path: string; block: Block } {
  const path = join(temporaryFolder(), "block.kv");
  const block = blockOf(tokens);
  writeFileSync(path, STATE);
  expect(sealBlockFile(path, block, STATE.length)).toBe(readFileSync(path).length);
  return { path, block };
}

describe("a sealed file", () => {
  it("begins with the engine's state as it was written", () => {
    expect(readFileSync(sealed().path).subarray(0, STATE.length)).toEqual(STATE);
  });

  it("is usable and tells what it holds", () => {
    const { path, block } = sealed();
    const { length: bytes } = readFileSync(path);
    expect(checkBlockFile(path, block.hash)).toEqual({ kind: "usable", block, bytes });
    expect(describeBlockFile(path)).toEqual({ kind: "usable", block, bytes });
  });

  it("is unusable when any bit of it has changed", () => {
    const { path, block } = sealed();
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 1 << (at % 8);
      writeFileSync(path, damaged);
      expect(checkBlockFile(path, block.hash).kind).toBe("unusable");
    }
  });

  it("is unusable at every shorter length, and when something is added", () => {
    const { path, block } = sealed();
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      expect(checkBlockFile(path, block.hash).kind).toBe("unusable");
    }
    writeFileSync(path, Buffer.concat([whole, Buffer.alloc(1)]));
    expect(checkBlockFile(path, block.hash).kind).toBe("unusable");
  });

  it("is unusable in the place of another", () => {
    const { path } = sealed(tokensFrom(3, 20));
    const other = sealed(tokensFrom(4, 20));
    writeFileSync(path, readFileSync(other.path));
    expect(checkBlockFile(path, blockOf(tokensFrom(3, 20)).hash)).toEqual({
      kind: "unusable",
      damage: "swapped",
    });
  });

  it("is unusable when its state is that of another and the rest its own", () => {
    const { path, block } = sealed();
    const whole = readFileSync(path);
    writeFileSync(path, Buffer.concat([randomBytes(STATE.length), whole.subarray(STATE.length)]));
    expect(checkBlockFile(path, block.hash)).toEqual({ kind: "unusable", damage: "altered" });
  });

  it("is missing when it has been deleted", () => {
    const { path, block } = sealed();
    rmSync(path);
    expect(checkBlockFile(path, block.hash)).toEqual({ kind: "unusable", damage: "missing" });
  });
});

it("a state that is not as long as the engine says is not sealed", () => {
  const path = join(temporaryFolder(), "block.kv");
  writeFileSync(path, STATE.subarray(0, 600));
  expect(sealBlockFile(path, blockOf([1]), STATE.length)).toBeNull();
});

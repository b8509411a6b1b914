import { describe, expect, it } from "vitest";
import { capabilitiesOf, type ModelTraits } from "./capabilities.ts";

function capabilities(
  architecture: string,
  more: Partial<ModelTraits> = {},
): ReturnType<typeof capabilitiesOf> {
  return capabilitiesOf({
    architecture,
    recurrent: false,
    hybrid: false,
    trainedTokens: 32_768,
    cacheType: "f16",
    metadata: {},
    ...more,
  });
}

function windowed(tokens: number): Partial<ModelTraits> {
  return { metadata: { attention: { sliding_window: tokens } } };
}

const sectioned = { metadata: { rope: { dimension_sections: [16, 24, 24, 0] } } };

describe("cells", () => {
  it.each(["llama", "qwen2", "qwen3moe", "deepseek2"])("of %s move and shift", (architecture) => {
    expect(capabilities(architecture)).toMatchObject({
      moves: true,
      shifts: true,
      checkpoints: false,
      reuse: { kind: "everything", reason: null },
    });
  });

  it.each([
    ["qwen2vl", sectioned],
    ["glm4", sectioned],
    ["qwen3vl", {}],
    ["gpt2", {}],
    ["step35", {}],
  ])("of %s move and never shift", (architecture, more) => {
    expect(capabilities(architecture, more)).toMatchObject({
      moves: true,
      shifts: false,
      reuse: { kind: "sameLength" },
    });
  });

  it.each([
    ["mamba", { recurrent: true }],
    ["lfm2", { hybrid: true }],
    ["qwen35", { hybrid: true, ...sectioned }],
    ["gemma3", windowed(1_024)],
  ])("of %s stay where they are, and states are kept", (architecture, more) => {
    expect(capabilities(architecture, more)).toMatchObject({
      moves: false,
      shifts: false,
      checkpoints: true,
      reuse: { kind: "checkpoints", reason: expect.any(String) as string },
    });
  });

  it("beside a second cache stay where they are", () => {
    expect(capabilities("glm-dsa").reuse.kind).toBe("prefix");
  });
});

describe("quantised keys", () => {
  function shifts(metadata: Record<string, unknown>): boolean {
    return capabilities("llama", { cacheType: "q8_0", metadata }).shifts;
  }

  it.each([
    ["a multiple of 64", { attention: { head_count: 32, key_length: 128 } }, true],
    [
      "by default a multiple of 64",
      { embedding_length: 4_096, attention: { head_count: 32 } },
      true,
    ],
    ["something else", { attention: { head_count: 32, key_length: 96 } }, false],
    ["rotated in part", { attention: { key_length: 128 }, rope: { dimension_count: 64 } }, false],
    ["latent", { attention: { key_length: 576, kv_lora_rank: 512 } }, false],
    ["unknown", {}, false],
  ])("of a head that is %s shift: %o, %s", (_, metadata, expected) => {
    expect(shifts(metadata)).toBe(expected);
  });

  it("are named as the reason when they do not", () => {
    expect(capabilities("phi2", { cacheType: "q4_0" }).reuse).toEqual({
      kind: "sameLength",
      reason: "its keys cannot be rotated in a q4_0 cache",
    });
  });
});

describe("a sliding window", () => {
  it.each([
    ["gemma2", {}, 4_096],
    ["llama4", windowed(4_096), 8_192],
    ["exaone4", { metadata: { block_count: 64 } }, 4_096],
    ["smallthinker", windowed(2_048), 4_096],
  ])("of %s is the one that llama.cpp uses, whatever the file says", (name, more, tokens) => {
    expect(capabilities(name, more)).toMatchObject({ moves: false, slidingTokens: tokens });
  });

  it("that the file does not name keeps no states, because the library does not", () => {
    expect(capabilities("gemma2")).toMatchObject({ checkpoints: false, reuse: { kind: "prefix" } });
  });

  it("of nothing is none", () => {
    expect(capabilities("llama4", windowed(0))).toMatchObject({ moves: true, slidingTokens: null });
  });

  it.each([
    ["phi3", 2_048],
    ["gemma3", 32_768],
  ])("of %s that nothing falls out of does not hold its cells", (name, tokens) => {
    expect(capabilities(name, windowed(tokens))).toMatchObject({
      moves: true,
      slidingTokens: null,
      wholeWindow: true,
    });
  });
});

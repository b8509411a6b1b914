import { expect, test } from "vitest";
import { constantFill, gaussianFill, gaussianFloatFill, HalfTables } from "./random-weights.ts";

const count = 200_000;

function fill(seed: number, name: string, chunkElements = count): Float16Array {
  const bytes = new Uint8Array(count * 2);
  const fillNext = gaussianFill(seed, name, new HalfTables().get(0.05));
  for (let start = 0; start < count; start += chunkElements) {
    fillNext(bytes.subarray(start * 2, Math.min(start + chunkElements, count) * 2));
  }
  return new Float16Array(bytes.buffer);
}

test("the weights have the asked mean and standard deviation", () => {
  const weights = fill(1, "a.weight");
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / count;
  const variance = weights.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / count;
  expect(Math.abs(mean)).toBeLessThan(0.001);
  expect(Math.sqrt(variance)).toBeCloseTo(0.05, 3);
  expect(Math.max(...weights.subarray(0, 50_000))).toBeGreaterThan(0.15);
});

test("the weights depend on the seed and on the tensor's name", () => {
  const weights = fill(1, "a.weight");
  expect(fill(1, "a.weight")).toEqual(weights);
  expect(fill(2, "a.weight")).not.toEqual(weights);
  expect(fill(1, "b.weight")).not.toEqual(weights);
});

test("the size of the chunks makes no difference", () => {
  expect(fill(1, "a.weight", 1_024)).toEqual(fill(1, "a.weight"));
});

test("weights in full precision have the same distribution, on both sides", () => {
  const weights = new Float32Array(count);
  gaussianFloatFill(1, "a.bias", 0.05)(new Uint8Array(weights.buffer));
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / count;
  const variance = weights.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / count;
  expect(Math.abs(mean)).toBeLessThan(0.001);
  expect(Math.sqrt(variance)).toBeCloseTo(0.05, 3);
});

test("norms are filled with one value", () => {
  const bytes = new Uint8Array(16);
  constantFill(1.5)(bytes);
  expect([...new Float32Array(bytes.buffer)]).toEqual([1.5, 1.5, 1.5, 1.5]);
});

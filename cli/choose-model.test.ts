import { resolve } from "node:path";
import { expect, it } from "vitest";
import { chooseModel } from "./choose-model.ts";
import { UsageError } from "./failures.ts";

it("takes the option before the environment", async () => {
  const environment = { KVASIR_MODEL: "b.gguf" };
  expect(await chooseModel("a.gguf", { environment })).toEqual({
    path: resolve("a.gguf"),
    generated: false,
  });
  expect((await chooseModel(undefined, { environment })).path).toBe(resolve("b.gguf"));
});

it("makes a test model that is named", async () => {
  const { path, generated } = await chooseModel("tiny", { environment: {} });
  expect(path).toMatch(/tiny-.*\.gguf$/u);
  expect(generated).toBe(true);
});

it("takes the fallback when nothing is named", async () => {
  const options = { environment: { KVASIR_MODEL: "" }, fallback: "tiny" } as const;
  expect((await chooseModel(undefined, options)).generated).toBe(true);
});

it("refuses when there is nothing to take", async () => {
  await expect(chooseModel(undefined, { environment: {} })).rejects.toThrow(UsageError);
});

import { expect, it } from "vitest";
import { buildFailure } from "./build-failure.ts";

const step = { tool: "cmake", args: [] } as const;

it("names a tool that is missing", () => {
  expect(buildFailure(step, { kind: "missing" })).toBe(
    "To compile llama-server, install git, cmake and a C++ compiler: cmake was not found.",
  );
});

it("recognises that there is no compiler", () => {
  const lines = [
    "CMake Error at CMakeLists.txt:2 (project):",
    "  No CMAKE_CXX_COMPILER could be found.",
  ];
  expect(buildFailure(step, { kind: "failed", lines })).toBe(
    "To compile llama-server, install git, cmake and a C++ compiler: cmake found no compiler.",
  );
});

it("shows the first error of a compiler and not what make says about it afterwards", () => {
  const lines = ["a.cpp:1:1: error: no such header", "make: *** [all] Error 2", "gmake: stopped"];
  expect(buildFailure(step, { kind: "failed", lines })).toBe(
    "llama-server could not be compiled; cmake failed: a.cpp:1:1: error: no such header.",
  );
});

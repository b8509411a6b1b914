import { describe, expect, it } from "vitest";
import { isHarmlessScript, sedRuns } from "./sed-script.ts";

describe("a script for sed that runs or writes something", () => {
  it.each([
    "e",
    "e ls",
    "1e",
    "$!e ls",
    "/a/e ls",
    "\\,a,e ls",
    "1,/b/ e ls",
    "p;e ls",
    "{p;e ls}",
    "p\ne ls",
    "s/a/b/e",
    "s|a|b|e",
    "s/a/b/ge;p",
    "s/[/]/b/e",
    "s/a\\/b/c/e",
    "s/a/b/w /etc/a",
    "w/etc/a",
    "W a",
    "r /etc/a",
    "a text\ne ls",
    "y/a/b/;e ls",
    ":a;e ls",
    "# text\ne ls",
    "s.a.b.",
    "s/a/b",
    "what",
  ])("is not taken for harmless: %j", (script) => {
    expect(isHarmlessScript(script)).toBe(false);
  });

  it.each([
    [["-n", "e ls"]],
    [["-ne", "e ls"]],
    [["-e", "p", "-e", "e ls"]],
    [["-ee ls"]],
    [["--expression=e ls"]],
    [["a.txt", "-e", "e ls"]],
    [["--", "e ls", "-e", "p"]],
    [["-i", "", "e ls", "a.txt"]],
    [["-i", ".bak", "w a", "a.txt"]],
    [["-f", "-", "a.txt"]],
    [["--what", "p"]],
  ])("is found among the arguments %j", (words) => {
    expect(sedRuns(words)).toBe(true);
  });
});

describe("a script for sed that only changes the text", () => {
  it.each([
    "",
    "1,20p",
    "$=",
    "5q",
    "0~2p",
    "/start/,/end/p",
    "/a/I,+2 d",
    "2!{p;d}",
    "s/e/w/g",
    "s|a/b|c|2p",
    "s/[^/]*$//",
    "s/[[:space:]/]*$//;s/^x//I",
    "s/a\\/e/b/",
    "y/abc/xyz/",
    ":a;N;$!ba;s/\\n/ /g",
    "1!G;h;$!d",
    "$a e text; w",
    "/a/i\\\n  e text",
    "s/a/b/ # e",
  ])("is harmless: %j", (script) => {
    expect(isHarmlessScript(script)).toBe(true);
  });

  it.each([
    [["-n", "1,20p", "src/e.ts"]],
    [["-i", "s/a/b/", "src/e.ts", "e"]],
    [["-i.bak", "-E", "-e", "s/a/b/", "e"]],
    [["-i", "", "s/a/b/", "e"]],
    [["s/a/b/", null]],
    [[null, "e"]],
    [["--version"]],
  ])("is harmless among the arguments %j", (words) => {
    expect(sedRuns(words)).toBe(false);
  });
});

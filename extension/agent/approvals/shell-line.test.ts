import { describe, expect, it } from "vitest";
import { readShellLine } from "./shell-line.ts";

const filesOf = (text: string) => {
  const read = readShellLine(text);
  return read.kind === "read" ? read.line.files : read.sentence;
};

describe("a line that not every shell reads alike", () => {
  it.each([
    // To dash all of these hide a command, or write a file.
    "echo $'a\\'; rm -rf src; #'",
    "for i in $'a\\'; do rm -rf src; done; #'; do :; done",
    "echo a > $'/dev/null\\'; rm -rf src; #'",
    "echo hi; ((rm -rf src))",
    "echo hi; [[ a > /srv/u/.bashrc ]]",
    "echo hi; [[ a || rm == src/a.ts ]]",
    "echo hi &>/dev/null rm -rf src",
    "echo hi &>> a",
    "echo $[1;rm -rf src]",
    "cat <<$'EOF'\n$EOF\nrm -rf src\nEOF",
    'echo "${x-\'}"; rm -rf src; echo "\'}"',
    // Quotes within arithmetic quote nothing.
    "echo $(( '$(rm -rf src)' ))",
    "cat <<EOF\n${x:-'$(rm -rf src)'}\nEOF",
    // These they refuse, or take for other words.
    'echo $"a"',
    "ls @(a|b)",
    "cat <(ls)",
    "cat <<< a",
    "ls |& cat",
    "for ((i = 0; i < 2; i++)); do ls; done",
    "select i in a b; do ls; done",
    "coproc ls",
    "case a in a) ls;& b) ls;; esac",
    "case a in a) ls;;& b) ls;; esac",
    "echo a {fd}>/dev/null",
    "a=(b) ls",
    "CI+=1 ls",
    "CI[0]=1 ls",
    "echo ${ ls; }",
    "echo ${x/a/b}",
    "echo ${x:1:2}",
    "echo ${x^^}",
    "echo ${!x}",
    "echo ${x[0]}",
    "echo `echo $'a'`",
  ])("is unclear: %s", (text) => {
    expect(readShellLine(text)).toEqual({
      kind: "unclear",
      sentence: "The command uses syntax that not every shell reads alike.",
    });
  });

  it.each([
    'echo "$HOME ${HOME} ${#HOME} ${HOME:-none} ${HOME%/*} $? $#"',
    "echo $((1 + 2 * (3 - x)))",
    "cat <<EOF\n$HOME ${x:-none}\nEOF",
    "cat <<-'END-1'\n\ttext\n\tEND-1",
    "npm test > /dev/null 2>&1 || ! true",
    "case $x in a | b) ls ;; *) ls src/*.ts ;; esac",
    "make CFLAGS+=-O2",
    "echo '$(a) ((b)) [[ c ]]' \"$\"",
  ])("is not one with what every shell has: %s", (text) => {
    expect(readShellLine(text).kind).toBe("read");
  });
});

describe("the files that a line opens", () => {
  it("are those of its redirections", () => {
    expect(filesOf("a < b > c 2>> $D >&2")).toEqual([
      { target: "b", writes: false },
      { target: "c", writes: true },
      { target: null, writes: true },
    ]);
  });

  it("are not the texts that stand in the line itself", () => {
    expect(filesOf("cat <<EOF\ntext\nEOF")).toEqual([]);
  });
});

it("keeps what is known of a word whose value is not", () => {
  const read = readShellLine('cat "$HOME"/.ssh/id* a A=$B* .env{,.local}');
  expect(read.kind === "read" && read.line.commands[0]).toMatchObject({
    words: ["cat", null, "a", null, null],
    patterns: ["*/.ssh/id*", "A=**", ".env*"],
  });
});

import { describe, expect, it } from "vitest";
import { EVERY_COMMAND, parseCommandRule } from "./command-rules.ts";
import { type Action, decide, type Policy, withGrant } from "./decide.ts";
import { STRICT } from "./policy.test-support.ts";

const everything: Policy = { ...STRICT, edits: true, commands: [EVERY_COMMAND] };

function run(command: string, given: Policy = everything): string {
  return decide({ kind: "command", command, shell: "posix" }, given).kind;
}

function withRules(...texts: string[]): Policy {
  return { ...STRICT, commands: texts.map((text) => parseCommandRule(text)!) };
}

describe("a command that is allowed in general", () => {
  it.each([
    "npm test",
    "npm run build -- --verbose",
    "npm test && npm run lint",
    "npm test || echo failed",
    "git status --short; git diff HEAD~1 -- src/a.ts",
    "ls -la | head -5",
    "cat a.txt | python3 count.py",
    "grep -rn 'rm -rf /' src",
    'echo "sudo is a word here"',
    "cargo test 2>&1 | tail -n 20",
    "node scripts/build.ts > out/log.txt",
    "make A=b",
    "CI=1 npm test",
    "env CI=1 NO_COLOR=1 npm test",
    "timeout 30 npm test",
    "cat < input.txt",
    "cat <<'EOF'\n$(rm -rf /)\nEOF",
    "find src -name '*.ts'",
    "rm a.txt",
    "mkdir -p src/new && touch src/new/a.ts",
    "cp a.ts /w/src/b.ts",
    "git commit -m 'force push'",
    "git checkout -b topic",
    "if true; then npm test; fi",
    "(cd src && ls)",
    "echo ${HOME:-none}",
    "curl -s https://example.com/a.json",
    "sed -n 1,20p a.ts",
    "bash -c 'npm test'",
    "tsc -b",
    "bash scripts/build.sh --fast",
    "bash --version",
    "node --test",
    "python3 -m pytest -q",
    "npx tsc --noEmit",
    "npm install && npm ci",
  ])("runs: %s", (command) => {
    expect(run(command)).toBe("allow");
  });
});

describe("a rule for commands", () => {
  it.each([
    ["npm test", "npm test"],
    ["npm run *", "npm run build"],
    ["npm run *", "npm run"],
    ["git log *", "git log --oneline -5"],
    ["echo 'a b'", 'echo "a b"'],
  ])("%s allows %s", (rule, command) => {
    expect(run(command, withRules(rule))).toBe("allow");
  });

  it.each([
    ["npm test", "npm test -- --watch"],
    ["npm test", "npm testing"],
    ["npm test", "npm"],
    ["npm run *", "npm runner"],
    ["npm test", "npm test && ls"],
    ["npm test", "npm test; ls"],
    ["npm test", "npm test | cat"],
    ["npm test", "ls $(npm test)"],
    ["npm run *", "npm run $(ls)"],
    ["npm run *", "npm run build > $OUT"],
    ["npm run *", "bash -c 'npm run build'"],
    ["bash *", "bash -c ls"],
    ["npm run *", "/tmp/npm run build"],
    ["npm test", "npm test > src/index.ts"],
    ["echo *", "echo $'a\\'; rm -rf src; #'"],
    ["echo *", "echo hi; ((rm -rf src))"],
    ["ls *", "sudo ls"],
    ["rm *", "rm -rf src"],
    ["git *", "git push"],
  ])("%s does not allow %s", (rule, command) => {
    expect(run(command, withRules(rule))).toBe("ask");
  });

  it.each(["npm test && ls", "ls > a", "$X", "", "echo 'a"])("cannot be: %s", (text) => {
    expect(parseCommandRule(text)).toBeNull();
  });

  it("covers every part of a chain", () => {
    expect(run("npm test && git status", withRules("npm test", "git status"))).toBe("allow");
  });
});

describe("a yes to a command", () => {
  it("is remembered for exactly the words that were shown", () => {
    const command = "npm test && bash -c 'git status'";
    const decision = decide({ kind: "command", command, shell: "posix" }, STRICT);
    if (decision.kind !== "ask" || decision.grant === null) throw new Error("It was not asked.");
    const granted = withGrant(STRICT, decision.grant);
    expect(run(command, granted)).toBe("allow");
    expect(run("git status", granted)).toBe("allow");
    expect(run("npm test --watch", granted)).toBe("ask");
  });

  it("is not remembered when part of the command is known only when it runs", () => {
    expect(decide({ kind: "command", command: "ls $X", shell: "posix" }, STRICT)).toEqual({
      kind: "ask",
      sentence: "Run this command?",
      grant: null,
    });
  });

  it.each(["npm test > out.txt", "cat $(ls) | tee", "bash -c 'npm test > out.txt'"])(
    "is for this once: %s",
    (command) => {
      expect(decide({ kind: "command", command, shell: "posix" }, STRICT)).toEqual({
        kind: "ask",
        sentence: "Run this command?",
        grant: null,
      });
    },
  );

  it("says what is dangerous", () => {
    expect(
      decide({ kind: "command", command: "sudo ls > /etc/a", shell: "posix" }, STRICT),
    ).toEqual({
      kind: "ask",
      sentence:
        "Run this command? It acts with the rights of another user, and writes outside of the workspace.",
      grant: null,
    });
  });

  it("is never given beforehand where the shell's language is not known", () => {
    const action: Action = { kind: "command", command: "Get-ChildItem", shell: "other" };
    expect(decide(action, everything)).toMatchObject({ kind: "ask", grant: null });
  });
});

describe("files", () => {
  it.each<[Action, Policy, string]>([
    [{ kind: "read", path: "a.ts", inside: true }, STRICT, "allow"],
    [{ kind: "read", path: "/etc/hosts", inside: false }, everything, "ask"],
    [{ kind: "read", path: ".env", inside: true }, everything, "ask"],
    [{ kind: "write", path: "a.ts", inside: true }, STRICT, "ask"],
    [{ kind: "write", path: "a.ts", inside: true }, everything, "allow"],
    [{ kind: "write", path: ".git/config", inside: true }, everything, "ask"],
    [{ kind: "write", path: "sub/.vscode/settings.json", inside: true }, everything, "ask"],
    [{ kind: "write", path: ".VSCODE\\tasks.json", inside: true }, everything, "ask"],
    [{ kind: "write", path: ".env.local", inside: true }, everything, "ask"],
    [{ kind: "write", path: ".gitignore", inside: true }, everything, "allow"],
    [{ kind: "write", path: "/tmp/a", inside: false }, everything, "ask"],
    [{ kind: "write", path: "/tmp/a", inside: false }, { ...STRICT, writable: ["/tmp"] }, "allow"],
    [{ kind: "write", path: "/tmpa", inside: false }, { ...STRICT, writable: ["/tmp"] }, "ask"],
    [{ kind: "external", tool: "mcp_a", input: "{}" }, everything, "ask"],
    [{ kind: "external", tool: "mcp_a", input: "{}" }, { ...STRICT, external: ["mcp_a"] }, "allow"],
  ])("%o", (action, given, kind) => {
    expect(decide(action, given).kind).toBe(kind);
  });

  it("are changed without a question once that was allowed", () => {
    const action: Action = { kind: "write", path: "a.ts", inside: true };
    const decision = decide(action, STRICT);
    if (decision.kind !== "ask" || decision.grant === null) throw new Error("It was not asked.");
    expect(decide(action, withGrant(STRICT, decision.grant)).kind).toBe("allow");
  });
});

it.each<Action>([
  { kind: "read", path: "a.ts", inside: true },
  { kind: "write", path: "a.ts", inside: true },
  { kind: "command", command: "ls", shell: "posix" },
  { kind: "external", tool: "mcp_a", input: "{}" },
])("nothing runs in a workspace that is not trusted: %o", (action) => {
  const untrusted = { ...everything, external: ["mcp_a"], trusted: false };
  expect(decide(action, untrusted).kind).toBe("deny");
});

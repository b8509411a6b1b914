import { describe, expect, it } from "vitest";
import { dangers } from "./dangers.test-support.ts";

const UNREADABLE = "starts something that cannot be read beforehand";
const DELETES = "deletes more than named files of the project";

describe("a program behind another one", () => {
  it.each([
    "bash -ceuo pipefail 'rm -rf src'",
    "bash -euo pipefail -c 'rm -rf src'",
    "bash +e -c 'rm -rf src'",
    "bash --norc -c 'rm -rf src'",
    "xargs --max-args 1 rm -rf",
    "xargs -0rn 1 rm -rf",
    "xargs -n1 rm -rf",
    "stdbuf --output L rm -rf src",
    "ionice --class 3 rm -rf src",
    "strace -s 100 rm -rf src",
    "nice --adjustment 5 rm -rf src",
    "timeout --kill-after 5 -s TERM 30 rm -rf src",
    "flock --timeout 5 lock rm -rf src",
    "env a-b=c rm -rf src",
    "env -iu A CI=1 rm -rf src",
    "command -p rm -rf src",
    "npx --package rimraf rm -rf src",
    "npx rimraf@5 src",
  ])("is found behind options that have values: %s", (command) => {
    expect(dangers(command)).toContain(DELETES);
  });

  it.each([
    "npx -c 'rm -rf src'",
    "npx -yc 'rm -rf src'",
    "npx --call='rm -rf src'",
    "env -iS 'rm -rf src'",
    "env --split-string='rm -rf src'",
    "xargs -0I X sh -c 'rm -rf X'",
    "xargs --replace sh -c 'rm -rf {}'",
    "flock lock -c 'rm -rf src'",
    "timeout --what 5 30 npm test",
    "timeout $TIME npm test",
    "nice $OPTIONS npm test",
    "strace -o /etc/a ls",
    "time -o /etc/a ls | cat; \\time -o /etc/a ls",
    "bash --rcfile a -c ls",
    "bash -oe pipefail -c ls",
    "bash -c",
    "fish -c ls",
    "zsh -c ls",
  ])("is not guessed at behind an option that is not known: %s", (command) => {
    expect(dangers(command)).toContain(UNREADABLE);
  });

  it.each([
    "bash -lc 'npm test' name",
    "sh -euc 'npm test'",
    "timeout -k 5 --signal=TERM 30 npm test",
    "env -u A -i CI=1 npm test",
    "env -C src npm test",
    "nice -n 5 npm test",
    "ionice -c 3 npm test",
    "stdbuf -oL npm test",
    "strace -f -e trace=open npm test",
    "valgrind --leak-check=full ./a.out",
    "flock -n lock npm test",
    "ls | xargs -0 -n 1 -P4 grep a",
    "ls | xargs --no-run-if-empty grep a",
    "npx -y tsc --noEmit",
    "npx --no-install -p typescript tsc",
    "command -v node",
  ])("is harmless where it is by itself: %s", (command) => {
    expect(dangers(command)).toEqual([]);
  });
});

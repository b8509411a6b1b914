import { describe, expect, it } from "vitest";
import { dangers } from "./dangers.test-support.ts";

describe("a command that leaves the workspace", () => {
  it.each([
    "cd && rm -f .bashrc",
    "cd; echo evil > .profile",
    "cd - && rm -f x",
    "cd -P",
    "cd --",
    "pushd",
    "pushd +1",
    "builtin cd",
    "env -C /srv/u rm -f .bashrc",
    "env -iC/srv/u rm -f .bashrc",
    "env --chdir=/srv/u rm -f .bashrc",
    "env --chdir .. rm -f .bashrc",
  ])("is dangerous: %s", (command) => {
    expect(dangers(command)).toEqual(["touches something outside of the workspace"]);
  });

  it.each(["cd src && npm test", "cd -P src", "pushd src && popd", "env -C src npm test"])(
    "is not one that stays in it: %s",
    (command) => {
      expect(dangers(command)).toEqual([]);
    },
  );
});

describe("a command that may read a secret", () => {
  it.each([
    "cat .env*",
    "cat .env.*",
    "cat .e*",
    "cat src/.en?",
    "cat .en{v,}",
    'cat ".env"*',
    "cat $HOME/.ssh/id_rsa",
    'cat "$HOME"/.aws/*',
    "cat ~/.s*/id*",
    "grep --include='.env*' -r key src",
    "grep --file=.env* a",
    "find . -name '.env*'",
  ])("is dangerous: %s", (command) => {
    expect(dangers(command)).toEqual(["touches a file that usually holds secrets"]);
  });

  it.each([
    "ls src/*",
    "cat *.md",
    "ls -d .github/*",
    "cat .env_sample",
    "wc -l src/{a,b}.ts",
    "grep -E '.*environment' src/a.ts",
    "ls $HOME/src",
  ])("is not one that cannot: %s", (command) => {
    expect(dangers(command)).toEqual([]);
  });
});

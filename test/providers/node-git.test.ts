import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readGit } from "../../extension/providers/node/node-git.ts";
import { never, testWorkspaces } from "../support/test-workspace.ts";

const newWorkspace = testWorkspaces();

function git(folder: string, ...args: string[]): void {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
  execFileSync("git", [...identity, ...args], { cwd: folder, stdio: "ignore" });
}

it("reads the branch and the changes of a folder within a repository", async () => {
  const workspace = newWorkspace({
    "p/a b.ts": "1\n",
    "p/gone.ts": "1\n",
    "other.ts": "1\n",
  });
  const { root } = workspace;
  git(root, "init", "--initial-branch=work");
  git(root, "add", ".");
  git(root, "commit", "-m", "first");
  workspace.write({ "p/a b.ts": "2\n", "p/new.ts": "1\n", "other.ts": "2\n" });
  git(root, "rm", "p/gone.ts");
  expect(await readGit(join(root, "p"), never())).toEqual({
    branch: "work",
    upstream: null,
    ahead: 0,
    behind: 0,
    files: [
      { path: "a b.ts", change: "modified" },
      { path: "gone.ts", change: "deleted" },
      { path: "new.ts", change: "untracked" },
    ],
  });
});

it("says nothing of a folder without a repository, nor of one that is gone", async () => {
  const { root } = newWorkspace({ "a.ts": "1\n" });
  expect(await readGit(root, never())).toBeNull();
  expect(await readGit(join(root, "none"), never())).toBeNull();
});

it("runs no program that a repository names for watching its files", async () => {
  const workspace = newWorkspace({ "watch.sh": "#!/bin/sh\ntouch ran\n", "a.ts": "1\n" });
  const { root } = workspace;
  git(root, "init", "--initial-branch=work");
  git(root, "add", ".");
  git(root, "config", "core.fsmonitor", "sh ./watch.sh");
  workspace.write({ "a.ts": "2\n" });
  const state = await readGit(root, never());
  expect(state?.files.map(({ path }) => path)).not.toContain("ran");
});

it("stops when nobody waits any more", async () => {
  const { root } = newWorkspace();
  await expect(readGit(root, AbortSignal.abort())).rejects.toThrow(/abort/iu);
});

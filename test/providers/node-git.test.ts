import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { readGit } from "../../extension/providers/node/node-git.ts";
import { never, type TestWorkspace, testWorkspaces } from "../support/test-workspace.ts";

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

/** A repository with a file that has changed, so that Git has to read it. */
function changedRepository(files: Readonly<Record<string, string>> = {}): TestWorkspace {
  const workspace = newWorkspace({ "a.ts": "1\n", ...files });
  git(workspace.root, "init", "--initial-branch=work");
  git(workspace.root, "add", ".");
  git(workspace.root, "commit", "-m", "first");
  workspace.write({ "a.ts": "2\n" });
  return workspace;
}

describe("of the programs that a repository names, it runs none", () => {
  const touch = (root: string): string => `touch '${root}/ran'; cat`;
  const ran = ({ root }: TestWorkspace): boolean => existsSync(join(root, "ran"));

  it("for watching its files", async () => {
    const workspace = changedRepository();
    const { root } = workspace;
    git(root, "config", "core.fsmonitor", touch(root));
    expect(await readGit(root, never())).toMatchObject({ files: [{ path: "a.ts" }] });
    expect(ran(workspace)).toBe(false);
  });

  it.each(["clean", "process"])("for filtering its files: %s", async (kind) => {
    const workspace = changedRepository({ ".gitattributes": "* filter=Some.Name\n" });
    const { root } = workspace;
    git(root, "config", `filter.Some.Name.${kind}`, touch(root));
    expect(await readGit(root, never())).toBeNull();
    expect(ran(workspace)).toBe(false);
  });

  it("for filtering, wherever its configuration has that from", async () => {
    const workspace = changedRepository({ ".gitattributes": "* filter=x\n" });
    const { root } = workspace;
    workspace.write({ ".git/more": `[filter "x"]\n  clean = "${touch(root)}"\n` });
    git(root, "config", "include.path", "more");
    expect(await readGit(root, never())).toBeNull();
    expect(ran(workspace)).toBe(false);
    git(root, "config", "--unset", "include.path");
    git(root, "config", "extensions.worktreeConfig", "true");
    git(root, "config", "--worktree", "filter.x.clean", touch(root));
    expect(await readGit(root, never())).toBeNull();
    expect(ran(workspace)).toBe(false);
  });

  it("for the files of a submodule", async () => {
    const workspace = changedRepository();
    const inner = changedRepository({ ".gitattributes": "* filter=x\n" });
    const { root } = workspace;
    const allowed = ["-c", "protocol.file.allow=always"];
    git(root, ...allowed, "submodule", "add", inner.root, "inner");
    git(root, "commit", "-m", "inner");
    workspace.write({ "inner/a.ts": "2\n" });
    git(join(root, "inner"), "config", "filter.x.clean", touch(root));
    expect(await readGit(root, never())).toMatchObject({ files: [{ path: "a.ts" }] });
    expect(ran(workspace)).toBe(false);
  });

  it("for fetching what is missing", async () => {
    const workspace = changedRepository();
    const { root } = workspace;
    const tree = execFileSync("git", ["rev-parse", "HEAD^{tree}"], { cwd: root, encoding: "utf8" });
    rmSync(join(root, ".git/objects", tree.slice(0, 2), tree.slice(2).trim()));
    git(root, "config", "core.repositoryFormatVersion", "1");
    git(root, "config", "extensions.partialClone", "origin");
    git(root, "config", "remote.origin.url", root);
    git(root, "config", "remote.origin.promisor", "true");
    git(root, "config", "remote.origin.uploadpack", `touch '${root}/ran'; git-upload-pack`);
    expect(await readGit(root, never())).toBeNull();
    expect(ran(workspace)).toBe(false);
  });
});

it("lets files pass the filters that the user has set up", async () => {
  const { root } = changedRepository({ ".gitattributes": "* filter=own\n" });
  const home = newWorkspace({ ".gitconfig": '[filter "own"]\n  clean = cat\n' });
  vi.stubEnv("GIT_CONFIG_GLOBAL", join(home.root, ".gitconfig"));
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await readGit(root, never())).toMatchObject({
    files: [{ path: "a.ts", change: "modified" }],
  });
});

it("stops when nobody waits any more", async () => {
  const { root } = newWorkspace();
  await expect(readGit(root, AbortSignal.abort())).rejects.toThrow(/abort/iu);
});

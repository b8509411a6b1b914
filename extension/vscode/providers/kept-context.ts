import { readdir } from "node:fs/promises";
import * as vscode from "vscode";
import { EarlierSessions } from "../../providers/earlier-sessions/earlier-sessions.ts";
import { Lessons } from "../../providers/lessons/lessons.ts";
import { FolderStore } from "../folder-store.ts";

const LESSONS_FILE = "lessons.md";

/** What is kept with a workspace, outside of its folder: no repository can bring its own. */
export type KeptContext = {
  readonly lessons: Lessons;
  readonly lessonsUri: vscode.Uri;
  readonly earlier: {
    readonly sessions: EarlierSessions;
    readonly keptIds: () => Promise<ReadonlySet<string>>;
  };
};

/** `null` where no folder is open, and so nothing to keep it with. */
export function keptContext({
  storageUri,
}: Pick<vscode.ExtensionContext, "storageUri">): KeptContext | null {
  if (storageUri === undefined) return null;
  const texts = new FolderStore(storageUri.fsPath);
  const chats = vscode.Uri.joinPath(storageUri, "chats").fsPath;
  return {
    lessons: new Lessons({
      read: async () => await texts.read(LESSONS_FILE),
      write: async (text) => await texts.write(LESSONS_FILE, text),
    }),
    lessonsUri: vscode.Uri.joinPath(storageUri, LESSONS_FILE),
    earlier: {
      sessions: new EarlierSessions(texts),
      keptIds: async () => await idsIn(chats),
    },
  };
}

/** The names of the files of chats are their ids. */
async function idsIn(folder: string): Promise<ReadonlySet<string>> {
  try {
    const names = await readdir(folder);
    return new Set(names.map((name) => name.replace(/\.json$/u, "")));
  } catch (error) {
    // The folder is made with the first chat that is kept.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Set();
    throw error;
  }
}

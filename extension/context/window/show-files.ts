import { type FileView, shownText, textOfView, titleOf } from "../living/file-view.ts";
import { appendText } from "./append-text.ts";
import type { WindowState } from "./window-state.ts";

/** More files would not fit a prompt, and each is watched. */
export const FILES_MAX = 64;

export type ShownFile = { readonly uri: string; readonly view: FileView };

export type Admitted = {
  readonly files: readonly ShownFile[];
  /** One sentence for everything that was left out. */
  readonly refusals: readonly string[];
};

/** Of the files that are attached, those for which there is a place. */
export function admitFiles(window: WindowState, attached: readonly ShownFile[]): Admitted {
  const news = attached.filter((file) => !isShown(window, file));
  const places = Math.max(0, FILES_MAX - window.files.length);
  return {
    files: news.slice(0, places),
    refusals: news
      .slice(places)
      .map(
        ({ view }) => `“${view.label}” was left out: a chat follows ${FILES_MAX} files at most.`,
      ),
  };
}

/**
 * Puts files at the end of the window, where they live from now on. One that stands there already,
 * or holds the lines that are asked for, follows its file anyway and is not shown again.
 */
export function showFiles(window: WindowState, files: readonly ShownFile[]): WindowState {
  let next = window;
  for (const file of files) if (!isShown(next, file)) next = show(next, file);
  return next;
}

function isShown({ files }: WindowState, { uri, view }: ShownFile): boolean {
  return files.some(({ uri: shownUri, shown, pending }) => {
    const standing = pending ?? shown;
    if (shownUri !== uri || standing.content.kind === "missing") return false;
    return standing.lines === null || shownText(standing) === shownText(view);
  });
}

function show(window: WindowState, { uri, view }: ShownFile): WindowState {
  const [segmentId, next] = appendText(window, {
    name: "file",
    kind: view.lines === null ? "file" : "selection",
    stability: "recent",
    label: titleOf(view),
    text: textOfView(view),
  });
  const file = { uri, segmentId, shown: view, pending: null, errataIds: [] };
  return { ...next, files: [...next.files, file] };
}

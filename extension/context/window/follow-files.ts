import { followed, type FileState } from "../living/living-file.ts";
import type { WindowState } from "./window-state.ts";

/** Takes note of what became of the file with this name; the model is told with the next turn. */
export function followFile(window: WindowState, uri: string, state: FileState): WindowState {
  if (!window.files.some((file) => file.uri === uri)) return window;
  return {
    ...window,
    files: window.files.map((file) => (file.uri === uri ? followed(file, state) : file)),
  };
}

/** Where a path that the model gave leads. */
export type Place =
  /** `path` is absolute, `relative` goes from the root with forward slashes. */
  | { readonly kind: "inside"; readonly path: string; readonly relative: string }
  | { readonly kind: "outside"; readonly path: string }
  | { readonly kind: "invalid"; readonly sentence: string };

export type ReadBytes =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "missing" }
  | { readonly kind: "folder" }
  /** It is there and cannot be read; one sentence says why. */
  | { readonly kind: "refused"; readonly sentence: string };

/** The port to the files of a workspace. In an editor, unsaved changes are part of a file. */
export interface Workspace {
  /** The absolute path of the folder in which commands run. */
  readonly root: string;
  /** Resolves a path with all its symbolic links. The file need not be there. */
  locate(given: string): Promise<Place>;
  read(path: string): Promise<ReadBytes>;
}

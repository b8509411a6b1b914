import type { Subscription } from "../client/connection.ts";
import type { FileState } from "../context/living/living-file.ts";

/** The port to the files outside: documents of the editor, or the disk. */
export interface FileSource {
  /** The file as it is now, unsaved changes included. Says so when there is none; never fails. */
  read(uri: string): Promise<FileState>;
  /** Tells of changes, deletion and renaming until disposed of; may tell too often. */
  watch(uri: string, onChange: () => void): Subscription;
}

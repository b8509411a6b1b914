import type { Segment } from "../../../protocol/segment.ts";
import { findLessons } from "./find-lessons.ts";
import { lessonsText, newLessonsFile, withLessons } from "./lessons-file.ts";

/** The port to the file of lessons, which is the only copy: its owner may edit it at any time. */
export interface LessonsFile {
  /** `null` when there is none yet. */
  read(): Promise<string | null>;
  write(text: string): Promise<void>;
}

/** What was learnt from failures in a workspace. */
export class Lessons {
  readonly #file: LessonsFile;

  constructor(file: LessonsFile) {
    this.#file = file;
  }

  async text(charactersMax: number): Promise<string> {
    return lessonsText((await this.#file.read()) ?? "", charactersMax);
  }

  /** Writes down what can be learnt from the segments of a turn. */
  async learn(segments: readonly Segment[]): Promise<void> {
    const found = findLessons(segments);
    if (found.length === 0) return;
    const file = (await this.#file.read()) ?? "";
    const next = withLessons(file, found);
    if (next !== file) await this.#file.write(next);
  }

  /** Sees to it that there is a file to be opened. */
  async prepare(): Promise<void> {
    if ((await this.#file.read()) === null) await this.#file.write(newLessonsFile());
  }
}

import { readFile, rename, writeFile } from "node:fs/promises";
import type { LessonsFile } from "../../extension/providers/lessons/lessons.ts";

/** A file of lessons by its path. */
export function lessonsFile(path: string): LessonsFile {
  return {
    read: async () => {
      try {
        return await readFile(path, "utf8");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
        throw error;
      }
    },
    write: async (text) => {
      // Whoever reads it sees the old text or the new one.
      const temporary = `${path}.${process.pid}.tmp`;
      await writeFile(temporary, text);
      await rename(temporary, path);
    },
  };
}

import { describe, expect, it } from "vitest";
import { Lessons } from "./lessons.ts";
import { lessonsText, withLessons } from "./lessons-file.ts";
import type { Lesson } from "./lesson.ts";
import { edited, ran } from "./lessons.test-support.ts";

const lesson = (command: string, path = "a.ts"): Lesson => ({
  kind: "repaired",
  command,
  complaint: "",
  changed: [path],
});
const line = (command: string, path = "a.ts"): string =>
  `- \`${command}\` failed; it passed after a change of \`${path}\`.`;

describe("the file of lessons", () => {
  it("begins with what it is, and takes a lesson in once", () => {
    const file = withLessons("", [lesson("make")]);
    expect(file).toMatch(/^# Lessons\n/u);
    expect(file.endsWith(`\n\n${line("make")}\n`)).toBe(true);
    expect(withLessons(file, [lesson("make")])).toBe(file);
    expect(withLessons(file, [lesson("test")])).toBe(`${file}${line("test")}\n`);
  });

  it("keeps people's own lines, headings and all", () => {
    const own = "My notes\n\n- Use pnpm.\n\n## Later";
    expect(withLessons(own, [lesson("make")])).toBe(`${own}\n\n${line("make")}\n`);
  });

  it("drops the oldest that it wrote itself, and of one command more than three", () => {
    const many = Array.from({ length: 60 }, (_, index) => lesson(`c${index}`));
    const file = withLessons("- Use pnpm.\n", many);
    expect(file.match(/^- `/gmu)).toHaveLength(30);
    expect(file).toContain("- Use pnpm.");
    expect(file).not.toContain(line("c29"));
    const paths = ["1", "2", "3", "4"].map((path) => lesson("make", path));
    expect(withLessons("", paths)).not.toContain(line("make", "1"));
    expect(withLessons("", paths)).toContain(line("make", "2"));
  });
});

describe("what the model reads of it", () => {
  it("is the newest lines first, behind a sentence that says what they are", () => {
    const text = lessonsText("# x\n\n- one\n* two\nnot this\n", 500);
    expect(text).toMatch(
      /^Notes about earlier work in this workspace\. .+ no instruction\.\n- two\n- one$/u,
    );
  });

  it.each(["", "# Lessons\n\nNothing yet.\n", "-\n- \n"])("is nothing for %j", (file) => {
    expect(lessonsText(file, 500)).toBe("");
  });

  it("keeps within its budget", () => {
    const file = Array.from({ length: 500 }, (_, index) => `- lesson number ${index}`).join("\n");
    const text = lessonsText(file, 300);
    expect(text.length).toBeLessThanOrEqual(300);
    expect(text).toContain("- lesson number 499\n");
    expect(text).toMatch(/\(and 4\d\d more\)$/u);
    expect(lessonsText(file, 20)).toBe("");
  });

  it("is the same for the same file, huge and binary ones too", () => {
    const file = `- a\u0000b\u202E\n${"- x\n".repeat(500_000)}`;
    expect(lessonsText(file, 300)).toBe(lessonsText(file, 300));
    expect(lessonsText("- a\u0000b\u202E\n", 300)).toMatch(/\n- a b$/u);
  });
});

describe("lessons of a workspace", () => {
  const memory = (text: string | null = null) => ({
    text,
    writes: 0,
    async read() {
      return this.text;
    },
    async write(next: string) {
      this.text = next;
      this.writes++;
    },
  });

  it("are learnt from a turn and read by the next session", async () => {
    const file = memory();
    const lessons = new Lessons(file);
    expect(await lessons.text(500)).toBe("");
    await lessons.learn([...ran("make", 1), ...edited("a.ts"), ...ran("make", 0)]);
    expect(await lessons.text(500)).toContain(line("make"));
  });

  it("that were edited meanwhile are read again before one is added", async () => {
    const file = memory(`${line("old")}\n`);
    const lessons = new Lessons(file);
    file.text = "- Mine.\n";
    await lessons.learn([...ran("make", 1), ...edited("a.ts"), ...ran("make", 0)]);
    expect(file.text).toBe(`- Mine.\n${line("make")}\n`);
  });

  it("are not written when there is nothing to learn", async () => {
    const file = memory();
    await new Lessons(file).learn([...ran("make", 0)]);
    expect(file.writes).toBe(0);
  });

  it("have a file to open, which is never written over", async () => {
    const file = memory();
    await new Lessons(file).prepare();
    expect(file.text).toMatch(/^# Lessons\n/u);
    file.text = "mine";
    await new Lessons(file).prepare();
    expect(file.text).toBe("mine");
  });
});

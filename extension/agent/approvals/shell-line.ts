import {
  type Assignment,
  type Command,
  forEachChild,
  parse,
  type Pipeline,
  type Redirect,
  type SyntaxNode,
  type Word,
  type WordPart,
} from "unbash";
import { readsDifferently } from "./shell-dialects.ts";

/** Longer lines are programs, and a person could not judge them at a glance. */
const LINE_CHARACTERS_MAX = 4_000;

/** Characters that make a line look like another one: control, bidirectional, zero-width. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u;
const HARMLESS_CONTROLS = /[\t\n]/gu;

/** The words of a command, or some of them. */
export type Words = readonly (string | null)[];

/** One command with its arguments, wherever in the line it stands. */
export type SimpleCommand = {
  /** `null` for a word whose value is known only when the line runs. */
  readonly words: Words;
  /** What is known of every word that is `null`, with `*` for all the rest of it. */
  readonly patterns: readonly string[];
  /** What the line itself says, for a person to read. */
  readonly text: string;
};

/** A redirection that opens a file; `null` where its name is known only when the line runs. */
export type OpenedFile = { readonly target: string | null; readonly writes: boolean };

/** What a command line does, as far as it can be told without running it. */
export type ShellLine = {
  readonly commands: readonly SimpleCommand[];
  readonly files: readonly OpenedFile[];
  /** Variables that it sets, for one command or for all behind it. */
  readonly variables: readonly string[];
  /** Each is what reads another one's output, first command first. */
  readonly pipelines: readonly (readonly (SimpleCommand | null)[])[];
  readonly background: boolean;
  readonly functions: boolean;
};

export type ReadLine =
  | { readonly kind: "read"; readonly line: ShellLine }
  | { readonly kind: "unclear"; readonly sentence: string };

/** Reads a command line with a real parser of the shell's language. It fails safe: as unclear. */
export function readShellLine(text: string): ReadLine {
  if (text.length > LINE_CHARACTERS_MAX) {
    return unclear(`The command has more than ${LINE_CHARACTERS_MAX} characters.`);
  }
  if (HIDDEN.test(text.replaceAll(HARMLESS_CONTROLS, "")) || !text.isWellFormed()) {
    return unclear("The command holds invisible characters.");
  }
  const collected = new Collected(text);
  collected.add(parse(text));
  if (collected.broken) return unclear("The command is not complete or not valid.");
  if (collected.differs) {
    return unclear("The command uses syntax that not every shell reads alike.");
  }
  if (collected.line.commands.length === 0 && collected.line.files.length === 0) {
    return unclear("The command is empty.");
  }
  return { kind: "read", line: collected.line };
}

/** The value of a word when the shell has nothing left to decide about it. */
export function literalOf(word: Word): string | null {
  return (word.parts ?? []).every(isLiteral) ? word.value : null;
}

function unclear(sentence: string): ReadLine {
  return { kind: "unclear", sentence };
}

function isLiteral(part: WordPart): boolean {
  if (part.type === "DoubleQuoted") return part.parts.every(isLiteral);
  return part.type === "Literal" || part.type === "SingleQuoted";
}

function patternOf(parts: readonly WordPart[]): string {
  const known = parts.map((part) => {
    if (part.type === "DoubleQuoted") return patternOf(part.parts);
    return part.type === "Literal" || part.type === "SingleQuoted" ? part.value : "*";
  });
  return known.join("");
}

/** Gathers everything of a syntax tree, however deep it stands. */
class Collected {
  readonly #text: string;
  readonly #commands: SimpleCommand[] = [];
  readonly #files: OpenedFile[] = [];
  readonly #variables: string[] = [];
  readonly #pipelines: (SimpleCommand | null)[][] = [];
  #background = false;
  #functions = false;
  broken = false;
  differs = false;

  constructor(text: string) {
    this.#text = text;
  }

  get line(): ShellLine {
    return {
      commands: this.#commands,
      files: this.#files,
      variables: this.#variables,
      pipelines: this.#pipelines,
      background: this.#background,
      functions: this.#functions,
    };
  }

  add(node: SyntaxNode): void {
    if (node.type === "Script" && (node.errors ?? []).length > 0) this.broken = true;
    // A substitution whose script could not be read has no script.
    if ("script" in node && node.script === undefined) this.broken = true;
    this.differs ||= readsDifferently(node);
    if (node.type === "Command") this.#addCommand(node);
    else if (node.type === "Redirect") this.#addRedirect(node);
    else if (node.type === "Pipeline") this.#addPipeline(node);
    else if (node.type === "Assignment") this.#variables.push(node.name);
    else if (node.type === "For") this.#variables.push(node.name.value);
    else if (node.type === "Function") this.#functions = true;
    else if (node.type === "Statement") this.#background ||= node.background === true;
    forEachChild(node, (child) => this.add(child));
  }

  #addCommand(node: Command): void {
    if (node.name !== undefined) this.#commands.push(this.#simple(node));
  }

  #addPipeline(node: Pipeline): void {
    if (node.commands.length < 2) return;
    this.#pipelines.push(
      node.commands.map((part) =>
        part.type === "Command" && part.name !== undefined ? this.#simple(part) : null,
      ),
    );
  }

  #addRedirect({ operator, target }: Redirect): void {
    const value = target === undefined ? null : literalOf(target);
    // Copies of descriptors, as in 2>&1, open nothing.
    if ((operator === ">&" || operator === "<&") && value !== null && /^(\d+-?|-)$/u.test(value)) {
      return;
    }
    this.#files.push({ target: value, writes: operator !== "<" && operator !== "<&" });
  }

  #simple(node: Command): SimpleCommand {
    const words = [node.name, ...node.args].filter((word) => word !== undefined);
    return {
      words: words.map(wordOf),
      patterns: words.flatMap((word) => (wordOf(word) === null ? [patternOfWord(word)] : [])),
      text: this.#text.slice(node.pos, node.end),
    };
  }
}

/** An argument that looks like an assignment, as in `make A=b`, is a word like any other. */
function wordOf(word: Word | Assignment): string | null {
  if (word.type === "Word") return literalOf(word);
  if (word.value.type !== "Word" || word.index !== undefined) return null;
  const value = literalOf(word.value);
  return value === null ? null : `${beginningOf(word)}${value}`;
}

function patternOfWord(word: Word | Assignment): string {
  if (word.type === "Word") return patternOf(word.parts ?? []);
  const value = word.value.type === "Word" ? patternOf(word.value.parts ?? []) : "*";
  return `${beginningOf(word)}${value}`;
}

function beginningOf({ name, append }: Assignment): string {
  return `${name}${append === true ? "+=" : "="}`;
}

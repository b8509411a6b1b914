import type { Command, SyntaxNode } from "unbash";

/**
 * What only some shells have. The others read other commands in the same text: in `$'a\'; b; #'`
 * Bash sees one word, and dash, which is `/bin/sh` on many machines, runs `b`.
 */
const NOT_EVERYWHERE: ReadonlySet<SyntaxNode["type"]> = new Set<SyntaxNode["type"]>([
  "AnsiCQuoted",
  "ArithmeticCommand",
  "ArithmeticFor",
  "ArrayValue",
  "Coproc",
  "ExtendedGlob",
  "FileDescriptorVariable",
  "HereString",
  "LocaleString",
  "ProcessSubstitution",
  "Select",
  "TestCommand",
]);

/** What every shell can do to a parameter; they disagree about quotes within the braces. */
const PLAIN_PARAMETER = /^\$\{#?(\w+|[@*#?$!-])((:?[-=+?]|%%?|##?)[^'"`\\]*)?\}$/u;

const PLAIN_DELIMITER = /^(\\?[\w.-]+|'[\w.-]+'|"[\w.-]+")$/u;

/** Whether shells disagree about what this is or where it ends. */
export function readsDifferently(node: SyntaxNode): boolean {
  if (NOT_EVERYWHERE.has(node.type)) return true;
  if (node.type === "ParameterExpansion") return !PLAIN_PARAMETER.test(node.text);
  if (node.type === "ArithmeticExpansion") {
    // Within quotes a substitution runs all the same.
    return !node.text.startsWith("$((") || /['"\\]/u.test(node.text);
  }
  if (node.type === "CommandExpansion") return node.text.startsWith("${");
  if (node.type === "HereDocDelimiter") return !PLAIN_DELIMITER.test(node.text);
  if (node.type === "Redirect") return node.operator === "&>" || node.operator === "&>>";
  if (node.type === "Pipeline") return node.operators.includes("|&");
  if (node.type === "CaseItem") return node.terminator === ";&" || node.terminator === ";;&";
  return node.type === "Command" && node.prefix.some(assignsOtherwise);
}

/** Elsewhere `a+=b` and `a[0]=b` are names of programs. */
function assignsOtherwise(prefix: Command["prefix"][number]): boolean {
  return prefix.type === "Assignment" && (prefix.append === true || prefix.index !== undefined);
}

/** Marks with which models open calls. The engine leaves one in the text when no call followed. */
const MARK =
  /^[ \t]*(<tool_call>|<\|?tool_calls?(_begin)?\|?>|<function[=_]|\[TOOL_CALLS\]|<\|python_tag\|>)/mu;
const FENCED = /^(`{3,}|~{3,})[^\n]*\n[\s\S]*?(^\1[ \t]*$|(?![\s\S]))/gmu;
const NAME = /"name"\s*:\s*"([^"]{1,80})"/u;

/**
 * What was wrong with a call that the engine could not read, or `null` for an answer that only
 * talks. A mark in a code block is talk: models explain themselves.
 */
export function brokenCall(text: string, toolNames: readonly string[]): string | null {
  const prose = text.replaceAll(FENCED, (block) => block.replaceAll(/[^\n]/gu, " "));
  const mark = MARK.exec(prose);
  if (mark === null) return null;
  const name = NAME.exec(text.slice(mark.index))?.[1];
  if (name !== undefined && !toolNames.includes(name)) {
    return `There is no tool "${name}". The tools are: ${toolNames.join(", ")}.`;
  }
  const which = name === undefined ? "The call" : `The call of ${name}`;
  return `${which} could not be read. Write one JSON object with "name" and "arguments", nothing else.`;
}

import { PLAIN_CALL } from "../../sidecar/engine/call-syntax.ts";
import type { Engine, Tokenizer } from "../../sidecar/engine/engine.ts";
import type { ScriptedAnswer } from "./script-file.ts";

/**
 * Has a real engine's model say what a script says: each id is given instead of sampled, and all
 * else (cells, decodes, counters, tool calls being read) happens as ever.
 */
export function scriptEngine(engine: Engine, next: () => ScriptedAnswer): Engine {
  const generate = engine.generate.bind(engine);
  engine.generate = async (request) =>
    await generate({ ...request, script: spell(next(), engine.tokenizer, engine.chat.eosText) });
  return engine;
}

/** Only the form of a call is spelled in special tokens; texts may hold anything. */
function spell(
  { text = "", calls = [], open }: ScriptedAnswer,
  tokenizer: Tokenizer,
  end: string,
): number[] {
  const form = (part: string): number[] => tokenizer.tokenize(part, { specials: true });
  const plain = (part: string): number[] => tokenizer.tokenize(part, { specials: false });
  const { marker, beforeName, beforeParameters, suffix } = PLAIN_CALL;
  const spelled = calls.flatMap((call, index) => [
    ...form((index > 0 || text !== "" ? "\n" : "") + marker + beforeName),
    ...plain(call.name),
    ...form(beforeParameters),
    ...plain(JSON.stringify(call.arguments)),
    ...form(suffix),
  ]);
  return [...plain(text), ...spelled, ...(open === true ? [] : form(end))];
}

import type { AnswerPart } from "../engine.ts";
import { controlId, END_OF_GENERATION, spoken, vocabulary } from "./vocabulary.ts";

/** A text, or text, reasoning and tool calls in the order in which they come. */
export type SimulatedAnswer = string | readonly AnswerPart[];

/** One sampled id and what is known with it. */
export type Sample = { readonly token: number; readonly part?: AnswerPart };

/** What is sampled when the model gives this answer, with the script's ids in place of the first. */
export function samplesOf(answer: SimulatedAnswer, script: readonly number[]): Sample[] {
  const parts = typeof answer === "string" ? [{ kind: "text", text: answer } as const] : answer;
  const samples = [...parts.flatMap(partSamples), { token: END_OF_GENERATION }];
  return [...script.map(scriptedSample), ...samples.slice(script.length)];
}

function partSamples(part: AnswerPart): Sample[] {
  switch (part.kind) {
    case "text":
      return spokenSamples(part);
    case "reasoning":
      return [
        { token: controlId("<think>") },
        ...spokenSamples(part),
        { token: controlId("</think>") },
      ];
    case "toolCall": {
      const { name, arguments: parameters } = part.call;
      return [
        { token: controlId("<tool_call>") },
        ...spoken(JSON.stringify({ name, arguments: parameters })).map((token) => ({ token })),
        // A call is known when it is complete.
        { token: controlId("</tool_call>"), part },
      ];
    }
  }
}

function spokenSamples({ kind, text }: Exclude<AnswerPart, { kind: "toolCall" }>): Sample[] {
  return spoken(text).map((token, index) => ({ token, part: { kind, text: text[index]! } }));
}

/** Scripted ids are text whatever they spell: recognising calls is the real engine's business. */
function scriptedSample(token: number): Sample {
  if (token === END_OF_GENERATION) return { token };
  return { token, part: { kind: "text", text: vocabulary.detokenize([token]) } };
}

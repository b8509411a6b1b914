import { ProgressPace } from "../doors/progress-pace.ts";
import type { ContextWindow } from "../window/context-window.ts";
import type { TurnEnd, TurnRequest } from "./chat-turn.ts";
import { readTurnOptions } from "./settings.ts";

const CUT_SHORT = "\n\n*The answer reached its limit of tokens.*";

/** Has the model answer a message without any tools. */
export async function plainTurn(window: ContextWindow, turn: TurnRequest): Promise<TurnEnd> {
  const { question, volatile, stream, signal, onActivity } = turn;
  await window.beginTurn({ ...question, volatile });
  const pace = new ProgressPace();
  const { stop } = await window.generate({
    ...readTurnOptions(),
    // The chat may have had tools before the setting was changed.
    toolChoice: "none",
    signal,
    onEvent: (event) => {
      onActivity(event);
      if (event.kind === "text") stream.markdown(event.text);
      const line = pace.lineFor(event, performance.now());
      if (line !== null) stream.progress(line);
    },
  });
  if (stop === "maxTokens") stream.markdown(CUT_SHORT);
  return { kind: "answered", cancelled: stop === "cancelled" };
}

/** A text for agents and where it came from. */
export type Rule = { readonly label: string; readonly text: string };

export type SelectedRules = {
  /** In the order in which the model reads them: what comes later is nearer and wins. */
  readonly rules: readonly Rule[];
  /** One sentence for a person about everything that was left out. */
  readonly sentences: readonly string[];
};

/** All rules stand in every prompt, so longer ones cost more than they help. */
export const RULES_CHARACTERS_MAX = 24_000;

/**
 * Makes rules fit. They come in the order of their weight, the nearest last, and that is the last to
 * be cut. A rule that is cut says so to the model, and a sentence says so to the user.
 */
export function selectRules(
  found: readonly Rule[],
  charactersMax = RULES_CHARACTERS_MAX,
): SelectedRules {
  const rules: Rule[] = [];
  const sentences: string[] = [];
  let room = charactersMax;
  for (const { label, text: given } of found.toReversed()) {
    const text = given.toWellFormed().replaceAll(/\r\n?/gu, "\n").trim();
    if (text === "") continue;
    const fitting = text.length <= room ? text : cut(text, room);
    if (fitting !== text)
      sentences.unshift(
        sentenceOf(label, { length: text.length, kept: fitting.length, charactersMax }),
      );
    room -= fitting.length;
    if (fitting === "") continue;
    const shown = fitting === text ? text : `${fitting}\n[The rest of ${label} is left out.]`;
    rules.unshift({ label, text: shown });
  }
  return { rules, sentences };
}

/** Whole lines only: half a rule may say the opposite. */
function cut(text: string, characters: number): string {
  const end = text.lastIndexOf("\n", characters);
  return end <= 0 ? "" : text.slice(0, end).trimEnd();
}

function sentenceOf(
  label: string,
  { length, kept, charactersMax }: { length: number; kept: number; charactersMax: number },
): string {
  const what = kept === 0 ? "was left out" : `was cut to ${kept} of ${length} characters`;
  return `${label} ${what}, because all rules together may have ${charactersMax} characters.`;
}

import type { MeterReading } from "../../protocol/meter.ts";
import { formatCount, inlineCode } from "./format.ts";

const LABEL_CHARACTERS_MAX = 60;

/** The texts that a turn has prefilled, by name, with their tokens; empty if there are none. */
export function prefilledTexts({ prefilled }: MeterReading): string {
  return prefilled
    .map(({ label, tokens }) => {
      const short =
        label.length <= LABEL_CHARACTERS_MAX
          ? label
          : `${label.slice(0, LABEL_CHARACTERS_MAX - 1)}…`;
      return `${inlineCode(short)} (${formatCount(tokens)})`;
    })
    .join(", ");
}

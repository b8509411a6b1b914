export type MeterColumn = {
  readonly reusedTokens: number;
  /** Of the reused ones, what came from disk. */
  readonly restoredTokens: number;
  readonly prefilledTokens: number;
  readonly generatedTokens: number;
};

export type Meter = { readonly lastTurn: MeterColumn; readonly session: MeterColumn };

/** Reads the exact counts out of the table that users see. */
export function parseMeter(tooltip: string): Meter {
  const cells = (name: string): readonly [number, number] => {
    const row = new RegExp(`\\| ${name} \\| ([\\d,]+) \\| ([\\d,]+) \\|`).exec(tooltip);
    return [countIn(row?.[1]), countIn(row?.[2])];
  };
  const reused = cells("reused tokens");
  const restored = cells("of these from disk");
  const prefilled = cells("prefilled tokens");
  const generated = cells("generated tokens");
  const column = (index: 0 | 1): MeterColumn => ({
    reusedTokens: reused[index],
    restoredTokens: restored[index],
    prefilledTokens: prefilled[index],
    generatedTokens: generated[index],
  });
  return { lastTurn: column(0), session: column(1) };
}

function countIn(text: string | undefined): number {
  return text === undefined ? Number.NaN : Number(text.replaceAll(",", ""));
}

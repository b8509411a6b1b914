import type { VolatileText } from "../context/window/refresh-volatile.ts";
import type { Later } from "../window/idle.ts";

/** Says something about the surroundings as a turn begins. */
export type Provider = {
  /** Under which the model reads it and the meter names it. */
  readonly name: string;
  /** A turn waits for it no longer than this. */
  readonly waitMsMax: number;
  /** The text, or an empty one where there is nothing to say. */
  readonly make: (signal: AbortSignal) => Promise<string>;
};

export type GatherOptions = {
  /** What the window says of each now. */
  readonly standing: readonly VolatileText[];
  readonly later: Later;
  /** Told, in one sentence, of everything that is missing for another reason than that there is nothing. */
  readonly onMissing: (sentence: string) => void;
};

/**
 * Asks all providers at once. One that is slow or fails is left out for this turn: what it said before
 * stays, because it has not been taken back and costs nothing where it stands.
 */
export async function gatherTexts(
  providers: readonly Provider[],
  { standing, later, onMissing }: GatherOptions,
): Promise<VolatileText[]> {
  const texts = await Promise.all(
    providers.map(async (provider) => {
      const made = await makeInTime(provider, later);
      if (made.kind === "missing") onMissing(made.sentence);
      const before = standing.find(({ name }) => name === provider.name)?.text ?? "";
      return { name: provider.name, text: made.kind === "text" ? made.text : before };
    }),
  );
  return texts.filter(({ text }) => text !== "");
}

type Made =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing"; readonly sentence: string };

async function makeInTime({ name, waitMsMax, make }: Provider, later: Later): Promise<Made> {
  const controller = new AbortController();
  let takeBack = (): void => undefined;
  const late = new Promise<Made>((resolve) => {
    takeBack = later(waitMsMax, () => {
      controller.abort();
      resolve(missing(name, `it took longer than ${waitMsMax} ms.`));
    });
  });
  const made = make(controller.signal).then(
    (text): Made => ({ kind: "text", text }),
    (error: unknown) => missing(name, String(error)),
  );
  try {
    return await Promise.race([made, late]);
  } finally {
    takeBack();
  }
}

function missing(name: string, why: string): Made {
  return { kind: "missing", sentence: `“${name}” was left out of this turn: ${why}` };
}

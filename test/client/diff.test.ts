import fc from "fast-check";
import { expect, it } from "vitest";
import { diffContexts } from "../../extension/context/diff.ts";
import { type ContextState, emptyContext } from "../../extension/context/state.ts";
import { diffTexts } from "../../extension/context/text-change.ts";
import { Edit } from "../../protocol/edit.ts";
import { Segment, Stability, type Tool } from "../../protocol/segment.ts";
import { applyEdits } from "../../sidecar/history/apply-edits.ts";
import { patchText } from "../../sidecar/history/patch-text.ts";

const RUNS = 2_000;
const SEGMENTS_MAX = 10;

// Few different pieces, so that two texts often share something, and all that is hard to cut.
const text = fc.string({ unit: fc.constantFrom("a", "b", "\r", "\n", "\r\n", "😀", "😁", "é") });
const stability = fc.constantFrom(...Stability.options);
const id = fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
const label = fc.option(fc.constantFrom("one", "two"), { nil: undefined });
const tokens = fc.array(fc.nat(9), { maxLength: 3 });
const generated = fc.option(fc.record({ fingerprint: fc.constant("model"), tokens }), {
  nil: undefined,
});

const segment: fc.Arbitrary<Segment> = fc
  .oneof(
    fc.record({ id, stability, label, text, role: fc.constantFrom("system", "user") }),
    fc.record({ id, stability, label, text, role: fc.constant("assistant"), generated }),
    fc.record({
      id,
      stability,
      label,
      text,
      role: fc.constant("tool"),
      toolCallId: fc.constant("call"),
      toolName: fc.constant("read"),
    }),
  )
  .map((drawn) => Segment.parse(withoutUndefined({ kind: "message", ...drawn })));

const tools: fc.Arbitrary<Tool[]> = fc.uniqueArray(
  fc.record({ name: fc.constantFrom("read", "write"), description: text }),
  { selector: ({ name }) => name, maxLength: 2 },
);

const state: fc.Arbitrary<ContextState> = fc.record({
  id: fc.constant("context"),
  version: fc.constant(1),
  segments: fc.uniqueArray(segment, { selector: (drawn) => drawn.id, maxLength: SEGMENTS_MAX }),
  tools,
});

const fate = fc.constantFrom("gone", "kept", "changed", "restyled");

/** Two states of which the second keeps, changes, moves, drops and adds segments of the first. */
const pair = fc
  .tuple(
    state,
    state,
    fc.array(fate, { minLength: SEGMENTS_MAX, maxLength: SEGMENTS_MAX }),
    fc.boolean(),
  )
  .map(([from, other, fates, turned]) => {
    const others = new Map(other.segments.map((drawn) => [drawn.id, drawn]));
    const segments = from.segments.flatMap((kept, index): Segment[] => {
      const changed = others.get(kept.id);
      if (fates[index] === "gone") return [];
      if (changed === undefined || fates[index] === "kept") return [kept];
      return [fates[index] === "changed" ? changed : { ...kept, stability: changed.stability }];
    });
    const known = new Set(from.segments.map((kept) => kept.id));
    const added = other.segments.filter((drawn) => !known.has(drawn.id));
    const all = turned ? [...segments, ...added].toReversed() : [...added, ...segments];
    return [from, { ...other, segments: all, version: 2 }] as const;
  });

it("gives edits that turn the one state into the other at the sidecar", () => {
  fc.assert(
    fc.property(fc.oneof(pair, fc.tuple(state, state)), ([from, to]) => {
      const edits = Edit.array().parse(structuredClone(diffContexts(from, to)));
      const window = applyEdits(from, edits, to.version, () => undefined);
      expect(window.segments).toEqual(to.segments);
      expect(window.tools).toEqual(to.tools);
    }),
    { numRuns: RUNS },
  );
});

it("carries no text of a segment whose contents have not changed", () => {
  const marked = ({ segments }: ContextState): ContextState => ({
    ...emptyContext("context"),
    segments: segments.map((kept) => ({
      id: kept.id,
      stability: kept.stability,
      kind: "message",
      role: "user",
      text: `unchanged ${kept.id}`,
    })),
  });
  fc.assert(
    fc.property(state, state, (from, to) => {
      const known = new Set(from.segments.map((kept) => kept.id));
      const left = { ...to, segments: to.segments.filter((kept) => known.has(kept.id)) };
      const edits = diffContexts(marked(from), marked(left));
      expect(JSON.stringify(edits)).not.toContain("unchanged");
    }),
    { numRuns: RUNS },
  );
});

it("finds text changes that the sidecar applies to the same effect", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(patchText(before, [diffTexts(before, after)])).toBe(after);
    }),
    { numRuns: RUNS },
  );
});

function withoutUndefined(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

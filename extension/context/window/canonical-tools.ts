import type { Tool } from "../../../protocol/segment.ts";

/**
 * Tools in the one order and spelling that a window keeps. Their schemas stand in the core, and
 * servers of tools list them, and the keys of a schema, in another order after every restart.
 * Sorting the keys would be no cure: the order of properties is the order in which a model writes
 * them. So a tool that says the same as one that stands in the window keeps that one's spelling.
 */
export function canonicalTools(standing: readonly Tool[], offered: readonly Tool[]): Tool[] {
  const spelled = new Map(standing.map((tool) => [sortedJson(tool), tool]));
  return offered
    .map((tool) => spelled.get(sortedJson(tool)) ?? tool)
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** JSON that is the same for two values that differ only in the order of keys. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

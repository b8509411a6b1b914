/** Compared at once: engines compare long strings much faster than their characters. */
const BLOCK_CHARACTERS = 4_096;

/** How many characters two texts share at their front. */
export function commonPrefixLength(a: string, b: string): number {
  const max = Math.min(a.length, b.length);
  let shared = 0;
  while (
    shared + BLOCK_CHARACTERS <= max &&
    a.slice(shared, shared + BLOCK_CHARACTERS) === b.slice(shared, shared + BLOCK_CHARACTERS)
  ) {
    shared += BLOCK_CHARACTERS;
  }
  while (shared < max && a.charCodeAt(shared) === b.charCodeAt(shared)) shared++;
  return shared;
}

/** How many characters two texts share at their back, of at most so many. */
export function commonSuffixLength(a: string, b: string, max: number): number {
  let shared = 0;
  while (shared + BLOCK_CHARACTERS <= max && blockAt(a, shared) === blockAt(b, shared)) {
    shared += BLOCK_CHARACTERS;
  }
  while (
    shared < max &&
    a.charCodeAt(a.length - 1 - shared) === b.charCodeAt(b.length - 1 - shared)
  ) {
    shared++;
  }
  return shared;
}

function blockAt(text: string, fromBack: number): string {
  const end = text.length - fromBack;
  return text.slice(end - BLOCK_CHARACTERS, end);
}

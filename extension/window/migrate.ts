/** Turns what one version of the format has stored into what the next one would have. */
export type Migration = (stored: Record<string, unknown>) => Record<string, unknown>;

export type Migrated =
  | { readonly kind: "current"; readonly stored: Record<string, unknown> }
  | { readonly kind: "newer" }
  | { readonly kind: "unreadable" };

/**
 * Brings stored data to the current version, step by step.
 *
 * @param migrations the first leads from version 1 to 2, and so on.
 */
export function migrate(stored: unknown, migrations: readonly Migration[]): Migrated {
  if (typeof stored !== "object" || stored === null) return { kind: "unreadable" };
  let latest = stored as Record<string, unknown>;
  const version = latest["schema"];
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) {
    return { kind: "unreadable" };
  }
  const current = migrations.length + 1;
  if (version > current) return { kind: "newer" };
  for (const [index, migration] of migrations.entries()) {
    if (index + 1 >= version) latest = { ...migration(latest), schema: index + 2 };
  }
  return { kind: "current", stored: latest };
}

/**
 * The system prompt of `@kvasir`. It never changes, not even with the date or the workspace:
 * it stands at the front, and with it everything behind it would be prefilled again.
 */
export const INSTRUCTIONS =
  "You are Kvasir, a programming assistant inside a code editor. " +
  "Answer briefly and precisely, in Markdown.";

const ENDING = ".json";
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

/** The file that keeps a chat. */
export function sessionFile(id: string): string {
  return id + ENDING;
}

/** The chat that a file keeps; `null` for one that lies beside them. */
export function sessionIn(fileName: string): string | null {
  if (!fileName.endsWith(ENDING)) return null;
  const id = fileName.slice(0, -ENDING.length);
  return isSessionId(id) ? id : null;
}

/** Ids come back from the chat view and name files, so nothing else may pass. */
export function isSessionId(id: string): boolean {
  return ID.test(id);
}

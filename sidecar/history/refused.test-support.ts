import type { ErrorData } from "../../protocol/errors.ts";
import { Refusal } from "../refusal.ts";

/** What a piece of work is refused with. Fails when it is not refused, or fails in another way. */
export async function refusalOf(work: () => unknown): Promise<ErrorData> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Refusal) return error.data;
    throw error;
  }
  throw new Error("The work was not refused.");
}

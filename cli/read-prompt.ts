import type { ReadStream } from "node:tty";
import { UsageError } from "./failures.ts";

/** Reads a prompt from standard input until its end. */
export async function readPrompt(
  input: ReadStream | NodeJS.ReadStream,
  signal: AbortSignal,
): Promise<string> {
  if (input.isTTY) {
    throw new UsageError(
      'Give the prompt on standard input, as in: echo "What is a B-tree?" | kvasir generate.',
    );
  }
  const stop = (): void => void input.destroy();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of input) chunks.push(Buffer.from(chunk as Uint8Array));
    const prompt = Buffer.concat(chunks).toString("utf8");
    if (prompt.trim() === "") throw new UsageError("The prompt on standard input is empty.");
    return prompt;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

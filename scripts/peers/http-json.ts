import { request } from "node:http";

/** A prefill of the longest prompt on a slow machine takes well under this. */
const ANSWER_MS_MAX = 300_000;
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Posts JSON over a connection of its own: a connection that is kept may be closed by the server
 * at the moment it is used again. That costs a fraction of a millisecond on loopback.
 */
export async function postJson(url: URL, body: unknown, signal: AbortSignal): Promise<unknown> {
  const text = JSON.stringify(body);
  return await new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: "POST",
      agent: false,
      headers: { "content-type": "application/json", "content-length": Buffer.byteLength(text) },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
    });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      let answer = "";
      response.setEncoding("utf8").on("error", reject);
      response.on("data", (part: string) => {
        answer += part;
        if (answer.length > ANSWER_BYTES_MAX)
          outgoing.destroy(new Error("The answer is too long."));
      });
      response.on("end", () => {
        if (response.statusCode === 200) resolve(JSON.parse(answer));
        else reject(new Error(`It answered ${response.statusCode}: ${answer}`));
      });
    });
    outgoing.end(text);
  });
}

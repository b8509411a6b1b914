import { CountTokens } from "../../protocol/model.ts";
import type { SidecarConnection } from "../../extension/client/connection.ts";

const NAMES = "value index total user order item result count price state event node path line";
const LINES_AT_ONCE = 16;

/** Text that looks like source code, the same for the same seed. */
export class SampleText {
  readonly #sidecar: SidecarConnection;
  #state: number;

  constructor(sidecar: SidecarConnection, seed: number) {
    this.#sidecar = sidecar;
    this.#state = seed | 1;
  }

  /** Whole lines of at least so many tokens, and at most some lines more. */
  async take(tokens: number): Promise<string> {
    let text = "";
    for (let counted = 0; counted < tokens;) {
      text += Array.from({ length: LINES_AT_ONCE }, () => this.#line()).join("");
      const { counts } = await this.#sidecar.request(CountTokens, { texts: [text] });
      counted = counts[0] ?? tokens;
    }
    return text;
  }

  /** One line of about so many tokens. */
  words(count: number): string {
    return Array.from({ length: count }, () => this.#name()).join(" ");
  }

  #line(): string {
    const [target, left, right] = [this.#name(), this.#name(), this.#name()];
    return `const ${target}${this.#below(1000)} = ${left}(${right}, ${this.#below(10_000)});\n`;
  }

  #name(): string {
    const names = NAMES.split(" ");
    return names[this.#below(names.length)]!;
  }

  #below(limit: number): number {
    // xorshift32
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }
}

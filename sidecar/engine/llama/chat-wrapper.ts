import {
  type ChatWrapper,
  ChatMLChatWrapper,
  JinjaTemplateChatWrapper,
  LlamaText,
  type LlamaModel,
  SpecialTokensText,
  type Token,
} from "node-llama-cpp";
import { type CallSyntax, PLAIN_CALL } from "../call-syntax.ts";

/** What the library read out of a chat template: how calls and reasoning are written. */
export type Dialect = {
  readonly wrapper: ChatWrapper;
  readonly call: CallSyntax;
  /** Whether the template names tools, and writes calls in a syntax that could be read out of it. */
  readonly writesTools: boolean;
};

/** A tool that no template knows. */
const PROBE = "kvasir_probe";

export function dialectOf(model: LlamaModel, template: string | null): Dialect {
  const wrapper = wrapperFor(model, template);
  if (!(wrapper instanceof JinjaTemplateChatWrapper && writesTools(wrapper))) {
    return { wrapper, call: PLAIN_CALL, writesTools: false };
  }
  const { prefix, paramsPrefix, suffix } = wrapper.settings.functions.call;
  const opening = plainText(prefix);
  const marker = markerOf(opening);
  return {
    wrapper,
    writesTools: true,
    call: {
      marker,
      beforeName: opening.slice(marker.length),
      beforeParameters: plainText(paramsPrefix),
      suffix: plainText(suffix),
    },
  };
}

/**
 * Whether a template can be left to write tools. Some write calls and results, and leave it to the
 * system message to say which tools there are.
 */
export function writesTools(wrapper: JinjaTemplateChatWrapper): boolean {
  if (!wrapper.usingJinjaFunctionCallTemplate) return false;
  try {
    const { contextText } = wrapper.generateContextState({
      chatHistory: [
        { type: "user", text: "Hello" },
        { type: "model", response: [""] },
      ],
      availableFunctions: { [PROBE]: { description: PROBE } },
    });
    return JSON.stringify(contextText).includes(PROBE);
  } catch {
    // A template that refuses the probe decides nothing; the real conversation will show.
    return true;
  }
}

/**
 * A wrapper whose context always tokenises to our ids: the library then continues them instead of
 * rendering and tokenising the history once more.
 */
export function pinnedTo(wrapper: ChatWrapper, prompt: readonly number[]): ChatWrapper {
  const generateContextState: ChatWrapper["generateContextState"] = (options) => {
    const state = wrapper.generateContextState(options);
    const contextText = Object.create(state.contextText, {
      tokenize: { value: () => [...prompt] as Token[] },
    }) as LlamaText;
    return { ...state, contextText };
  };
  return Object.create(wrapper, {
    generateContextState: { value: generateContextState },
  }) as ChatWrapper;
}

/** Text of the template, in which names of special tokens are those tokens. */
export function templateText(text: string): LlamaText {
  return LlamaText(new SpecialTokensText(text));
}

function wrapperFor(model: LlamaModel, template: string | null): ChatWrapper {
  if (template === null) return new ChatMLChatWrapper();
  try {
    return new JinjaTemplateChatWrapper({
      template,
      tokenizer: model.tokenizer,
      trimLeadingWhitespaceInResponses: false,
    });
  } catch {
    // Prompts are rendered from the template itself; the wrapper only tells stop and call marks.
    return new ChatMLChatWrapper();
  }
}

/**
 * The part of a call's opening that no ordinary text has. Models vary the white space behind it,
 * so it ends before the JSON, unless there is nothing but JSON.
 */
function markerOf(opening: string): string {
  const beforeJson = opening.slice(0, opening.search(/\[?\{/u));
  const marker = opening.search(/\[?\{/u) < 0 ? opening : beforeJson;
  return marker.trim() === "" ? opening : marker.trimEnd();
}

function plainText(text: string | LlamaText): string {
  if (typeof text === "string") return text;
  return text.values.map((value) => (typeof value === "string" ? value : value.value)).join("");
}

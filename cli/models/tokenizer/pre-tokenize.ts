// llama.cpp splits text with this pattern when `tokenizer.ggml.pre` is "qwen2". The merges have to be
// learnt from the same pieces, or some of them could never apply.
const qwen2Pattern =
  /(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+/gu;

/** Cuts text into the pieces inside which byte pairs may merge. */
export function preTokenize(text: string): string[] {
  return text.match(qwen2Pattern) ?? [];
}

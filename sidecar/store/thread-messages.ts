/** What passes between a process and the thread of its store. */
export type ThreadCall = {
  readonly kind: "call";
  readonly id: number;
  readonly name: string;
  readonly parameters: readonly unknown[];
};

export type ThreadAnswer =
  | { readonly kind: "open" }
  | { readonly kind: "result"; readonly id: number; readonly result: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly failure: string };

/** What a worker process tells the command that started it. Its task is the first message it gets. */
export type WorkerMessage<Row, Done> =
  | { readonly kind: "row"; readonly row: Row }
  /** Progress, in words. */
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "done"; readonly done: Done }
  | { readonly kind: "failed"; readonly message: string };

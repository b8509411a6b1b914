import { z } from "zod";
import type { CheckpointStore } from "./checkpoint-store.ts";
import { sameBytes } from "./file-bytes.ts";
import { InOrder } from "./in-order.ts";
import { fileState, KeptContents, sizesOf, totalBytes } from "./kept-contents.ts";
import type { PendingChange } from "./review.ts";

/** What is beyond it counts as agreed with, the oldest first. */
export const PENDING_FILES_MAX = 200;
export const PENDING_BYTES_MAX = 64 * 2 ** 20;

const pendingFile = z
  .strictObject({ path: z.string(), base: fileState, agent: fileState })
  .readonly();
const index = z.strictObject({ version: z.literal(1), files: z.array(pendingFile) });

type PendingFile = z.infer<typeof pendingFile>;

/** The files whose changes nobody has agreed with yet, kept beyond a restart. */
export class ReviewLedger {
  readonly #store: CheckpointStore;
  readonly #contents: KeptContents;
  readonly #calls = new InOrder();
  /** The file that was changed last stands last. Replaced as a whole, once it is on disk. */
  #files: readonly PendingFile[];

  private constructor(
    store: CheckpointStore,
    contents: KeptContents,
    files: readonly PendingFile[],
  ) {
    this.#store = store;
    this.#contents = contents;
    this.#files = files;
  }

  /** `message` says, in a sentence, if earlier changes cannot be read. */
  static async open(
    store: CheckpointStore,
  ): Promise<{ readonly ledger: ReviewLedger; readonly message?: string }> {
    const json = await store.loadIndex();
    const contents = await KeptContents.open(store);
    const files = json === undefined ? [] : readFiles(json);
    const ledger = new ReviewLedger(store, contents, files ?? []);
    if (files !== undefined) return { ledger };
    const place = await store.setIndexAside();
    const message = `The list of changes to review is damaged and was set aside as ${place}; the files are as they were.`;
    return { ledger, message };
  }

  /** In the order in which they were changed last. */
  get paths(): readonly string[] {
    return this.#files.map(({ path }) => path);
  }

  async get(path: string): Promise<PendingChange | undefined> {
    const file = this.#files.find((candidate) => candidate.path === path);
    if (file === undefined) return undefined;
    const base = await this.#contents.load(file.base);
    const agent = await this.#contents.load(file.agent);
    // Without what was there before nothing can be reviewed.
    return base === "damaged" || agent === "damaged" ? undefined : { base, agent };
  }

  set(path: string, change: PendingChange): Promise<void> {
    return this.#calls.run(async () => {
      const others = this.#files.filter((file) => file.path !== path);
      if (sameBytes(change.base, change.agent)) {
        if (others.length < this.#files.length) await this.#save(others);
        return;
      }
      const base = await this.#contents.keep(change.base);
      const agent = await this.#contents.keep(change.agent);
      await this.#save([...others, { path, base, agent }]);
    });
  }

  /** Counts these files as agreed with. */
  settle(paths: readonly string[]): Promise<void> {
    return this.#calls.run(async () => {
      const left = this.#files.filter(({ path }) => !paths.includes(path));
      if (left.length < this.#files.length) await this.#save(left);
    });
  }

  /** The index goes to disk before blobs go from it, so it never names what is not there. */
  async #save(files: readonly PendingFile[]): Promise<void> {
    const kept = withinLimits(files);
    await this.#store.saveIndex(JSON.stringify({ version: 1, files: kept }));
    this.#files = kept;
    await this.#contents.removeAllBut(blobsOf(kept));
  }
}

function readFiles(json: string): readonly PendingFile[] | undefined {
  try {
    const parsed = index.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data.files : undefined;
  } catch {
    return undefined;
  }
}

function blobsOf(files: readonly PendingFile[]): Map<string, number> {
  return sizesOf(files.flatMap(({ base, agent }) => [base, agent]));
}

function withinLimits(files: readonly PendingFile[]): readonly PendingFile[] {
  let kept = files.slice(-PENDING_FILES_MAX);
  while (kept.length > 1 && totalBytes(blobsOf(kept)) > PENDING_BYTES_MAX) kept = kept.slice(1);
  return kept;
}

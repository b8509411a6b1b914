import { join } from "node:path";

/** Rises when files or index change their form. Each form has its own folder, so none meets another. */
export const FORM = 1;

/** Where things lie in the folder of a store. */
export class StorePaths {
  readonly root: string;
  readonly form: string;
  readonly index: string;
  readonly blocks: string;
  readonly temporary: string;

  constructor(root: string, form = FORM) {
    this.root = root;
    this.form = join(root, `v${form}`);
    this.index = join(this.form, "index");
    this.blocks = join(this.form, "blocks");
    this.temporary = join(this.form, "temporary");
  }

  /** One folder an identity: a batch of new blocks then needs one folder to be written out. */
  ofIdentity(identity: string): string {
    return join(this.blocks, identity);
  }

  ofBlock(identity: string, hash: string): string {
    return join(this.ofIdentity(identity), `${hash}.kv`);
  }
}

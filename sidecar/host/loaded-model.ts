import type { Engine } from "../engine/engine.ts";
import type { Turns } from "../turn/turns.ts";

/** A model in memory and what is done with it. */
export type LoadedModel = { readonly engine: Engine; readonly turns: Turns };

import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import type { LoadEngine } from "../../sidecar/engine/engine.ts";
import { inspectMachine } from "../../sidecar/engine/llama/inspect-machine.ts";
import { loadLlama } from "../../sidecar/engine/llama/load.ts";
import { withSelfCheck } from "../../sidecar/host/checked-engine.ts";
import { outliveNobody } from "../../sidecar/outlive-nobody.ts";
import { serve } from "../../sidecar/server/serve.ts";
import { BlockStore } from "../../sidecar/store/block-store.ts";
import { SCRIPT_VARIABLE, takeAnswer } from "./script-file.ts";
import { scriptEngine } from "./scripted-engine.ts";

/**
 * A sidecar for benchmarks and tests of what happens around the model. It is the real one, with
 * answers from the file that `KVASIR_SCRIPT` names. It is a program of its own: the sidecar that
 * people run has no such way in.
 */
const loadReal = withSelfCheck(loadLlama);
const loadEngine: LoadEngine = async (config, options) =>
  scriptEngine(await loadReal(config, options), () => {
    const path = process.env[SCRIPT_VARIABLE];
    if (path === undefined) throw new Error(`${SCRIPT_VARIABLE} names no script.`);
    return takeAnswer(path);
  });
const connection = createConnection(ProposedFeatures.all);
const sidecar = serve(connection, { loadEngine, openStore: BlockStore.open, inspectMachine });
outliveNobody(() => sidecar.close());
connection.onShutdown(() => sidecar.close());
connection.listen();

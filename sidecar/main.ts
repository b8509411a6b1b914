import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { inspectMachine } from "./engine/llama/inspect-machine.ts";
import { loadLlama } from "./engine/llama/load.ts";
import { withSelfCheck } from "./host/checked-engine.ts";
import { outliveNobody } from "./outlive-nobody.ts";
import { serve } from "./server/serve.ts";
import { BlockStore } from "./store/block-store.ts";

/**
 * The sidecar process. It is started with `--node-ipc` or `--stdio` and with UV_THREADPOOL_SIZE=1
 * in its environment: with more libuv workers, every decode lands on another thread and takes four
 * to six times as long on CPU.
 */
const connection = createConnection(ProposedFeatures.all);
const sidecar = serve(connection, {
  loadEngine: withSelfCheck(loadLlama),
  openStore: BlockStore.open,
  inspectMachine,
});
outliveNobody(() => sidecar.close());
connection.onShutdown(() => sidecar.close());
connection.listen();

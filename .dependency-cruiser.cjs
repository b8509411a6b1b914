"use strict";

/**
 * The layers of the project. Every layer may import itself and what its row names; anything else
 * is reported. A new folder needs a row here, or its imports are reported as `unplaced`.
 */

const npm = (...names) => names.map((name) => `(^|node_modules/)${name}(/|$)`);

const protocol = "^protocol/";
const core = (...names) => names.map((name) => `^extension/${name}/`);
const sidecar = (...names) => names.map((name) => `^sidecar/${name}/`);
const agentCore = "^extension/agent/(?!node/)";
const providersCore = "^extension/providers/(?!node/)";
const cores = core(
  "context",
  "client",
  "window",
  "meter",
  "edits",
  "agent",
  "doors",
  "providers",
  "sessions",
);
const pure = sidecar("history", "prompt", "plan", "kv", "lane");
const refusal = "^sidecar/refusal\\.ts$";
const enginePort = "^sidecar/engine/(engine|call-syntax)\\.ts$";
const simulatedEngine = "^sidecar/engine/simulated/";
const llamaEngine = "^sidecar/engine/llama/";
const crypto = "^(node:)?crypto$";
const wirePackages = npm("zod", "vscode-jsonrpc");
const testPackages = npm("vitest", "fast-check");
// Helpers of unit tests stand beside them as `*.test-support.ts`, or in test/support/.
const unitTest = "\\.test(-support)?\\.ts$";

/** `at` places a layer, `may` lists what it imports, `tests` what its unit tests import besides. */
const layers = [
  { name: "protocol", at: protocol, may: wirePackages },

  { name: "extension/context", at: "^extension/context/", may: [protocol] },
  {
    name: "extension/client",
    at: "^extension/client/",
    may: [protocol, ...core("context"), ...wirePackages],
  },
  {
    name: "extension/window",
    at: "^extension/window/",
    may: [protocol, ...core("context", "client"), ...wirePackages],
  },
  { name: "extension/meter", at: "^extension/meter/", may: [protocol] },
  {
    name: "extension/edits",
    at: "^extension/edits/(?!node-)",
    may: [protocol, ...npm("zod", "diff", "fastest-levenshtein")],
  },
  // What the core is given where Node's file system is.
  { name: "extension/edits/node", at: "^extension/edits/node-", may: core("edits"), node: true },
  {
    name: "extension/agent",
    at: "^extension/agent/(?!node/)",
    may: [
      protocol,
      ...core("context", "client", "window", "meter", "edits", "doors"),
      agentCore,
      ...wirePackages,
      ...npm("unbash"),
    ],
    tests: npm("picomatch"),
  },
  {
    name: "extension/agent/node",
    at: "^extension/agent/node/",
    may: [protocol, ...core("context", "client", "window", "meter", "edits", "agent", "doors")],
    node: true,
  },
  {
    name: "extension/providers",
    at: providersCore,
    may: [protocol, ...core("context", "window", "edits"), agentCore, ...npm("zod")],
  },
  {
    name: "extension/providers/node",
    at: "^extension/providers/node/",
    may: [providersCore],
    node: true,
  },
  {
    name: "extension/sessions",
    at: "^extension/sessions/",
    may: [protocol, ...core("context", "client", "window"), ...npm("zod")],
  },
  {
    name: "extension/doors",
    at: "^extension/doors/",
    may: [protocol, ...core("context", "client", "window", "meter"), ...wirePackages],
  },
  {
    name: "extension/vscode",
    at: "^extension/(vscode/|main\\.ts$)",
    may: [
      protocol,
      ...cores,
      ...wirePackages,
      ...npm("vscode", "@types/vscode", "vscode-languageclient", "systeminformation"),
    ],
    node: true,
  },

  { name: "sidecar/refusal", at: refusal, may: [protocol] },
  ...["history", "prompt", "plan", "kv", "lane"].map((folder, index) => ({
    name: `sidecar/${folder}`,
    at: `^sidecar/${folder}/`,
    may: [
      protocol,
      refusal,
      ...pure.slice(0, index),
      enginePort,
      crypto,
      ...(folder === "history" ? npm("vscode-languageserver-textdocument") : []),
      ...(folder === "prompt" ? npm("@huggingface/jinja") : []),
    ],
    tests: folder === "kv" ? [simulatedEngine] : [],
  })),
  { name: "sidecar/engine", at: enginePort, may: [protocol] },
  {
    name: "sidecar/engine/simulated",
    at: simulatedEngine,
    may: [protocol, enginePort, crypto],
  },
  {
    name: "sidecar/engine/llama",
    at: llamaEngine,
    may: [protocol, refusal, enginePort, ...npm("node-llama-cpp")],
    node: true,
  },
  {
    name: "sidecar/store",
    at: "^sidecar/store/",
    may: [protocol, ...sidecar("kv"), enginePort, ...npm("lmdb")],
    node: true,
  },
  {
    name: "sidecar/turn",
    at: "^sidecar/turn/",
    may: [protocol, refusal, ...pure, ...sidecar("store"), enginePort, crypto],
    tests: [simulatedEngine],
  },
  {
    name: "sidecar/host",
    at: "^sidecar/host/",
    may: [protocol, refusal, ...pure, ...sidecar("turn", "store"), enginePort],
    node: true,
    tests: [simulatedEngine],
  },
  {
    name: "sidecar/server",
    at: "^sidecar/server/",
    may: [
      protocol,
      refusal,
      ...pure,
      ...sidecar("turn", "host", "store"),
      enginePort,
      simulatedEngine,
      ...wirePackages,
      ...npm("vscode-languageserver"),
    ],
    node: true,
  },
  {
    name: "sidecar/main",
    at: "^sidecar/(?!refusal\\.ts)[^/]+\\.ts$",
    may: [protocol, "^sidecar/", ...wirePackages, ...npm("vscode-languageserver")],
    node: true,
  },

  {
    name: "cli/models",
    at: "^cli/models/",
    // Where the system wants its caches, and nothing else.
    may: ["^sidecar/store/store-place\\.ts$"],
    node: true,
    tests: npm("node-llama-cpp", "@huggingface/jinja"),
  },
  {
    name: "cli/bench",
    at: "^cli/bench/",
    may: [
      protocol,
      ...cores,
      "^cli/",
      ...sidecar("engine", "plan", "prompt", "kv", "turn", "store"),
      ...wirePackages,
      ...npm("commander", "node-llama-cpp"),
    ],
    node: true,
  },
  {
    name: "cli/store",
    at: "^cli/store/",
    may: [
      protocol,
      "^cli/",
      refusal,
      ...sidecar("engine", "kv", "store"),
      ...wirePackages,
      ...npm("commander"),
    ],
    node: true,
  },
  {
    name: "cli/replay",
    at: "^cli/replay/",
    may: [
      protocol,
      refusal,
      "^cli/",
      ...core("sessions"),
      ...sidecar("engine", "history", "prompt", "kv", "turn"),
      ...npm("zod", "commander"),
    ],
    node: true,
  },
  {
    // A sidecar of its own: the real one, whose model is made to say something.
    name: "cli/scripted",
    at: "^cli/scripted/",
    may: [protocol, "^sidecar/", ...wirePackages, ...npm("vscode-languageserver")],
    node: true,
  },
  {
    name: "cli",
    at: "^cli/(?!models/|bench/|scripted/|replay/|store/)",
    may: [protocol, ...cores, "^cli/", ...wirePackages, ...npm("commander", "@vscode/ripgrep")],
    node: true,
  },

  {
    name: "scripts/peers",
    at: "^scripts/peers[./]",
    may: [protocol, "^cli/", ...sidecar("engine"), ...npm("zod")],
    node: true,
  },
  { name: "scripts", at: "^scripts/(?!peers[./])", may: npm("vitest", "esbuild"), node: true },
];

/** @param {{ node?: boolean }} layer */
const builtInsAllowed = (layer) => (layer.node ? { dependencyTypesNot: ["core"] } : {});

const layerRules = layers.flatMap((layer) => {
  const allowed = [layer.at, ...layer.may];
  return [
    {
      name: `layer ${layer.name}`,
      severity: "error",
      comment: `${layer.name} imports something outside its row in .dependency-cruiser.cjs`,
      from: { path: layer.at, pathNot: unitTest },
      to: { pathNot: allowed, ...builtInsAllowed(layer) },
    },
    {
      name: `tests of ${layer.name}`,
      severity: "error",
      comment: `a unit test of ${layer.name} imports something outside its layer`,
      from: { path: `(?=${layer.at}).*${unitTest}` },
      to: {
        pathNot: [...allowed, ...testPackages, "^test/support/", ...(layer.tests ?? [])],
        ...builtInsAllowed(layer),
      },
    },
  ];
});

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: "unplaced",
      severity: "error",
      comment: "the file stands in no layer of .dependency-cruiser.cjs",
      from: {
        path: "^(protocol|extension|sidecar|cli|scripts)/",
        pathNot: layers.map((layer) => layer.at),
      },
      to: {},
    },
    {
      name: "no cycles",
      severity: "error",
      comment: "files that import each other cannot be understood, tested or moved on their own",
      from: {},
      to: { circular: true },
    },
    {
      name: "no test support in sources",
      severity: "error",
      comment: "helpers of tests serve tests alone",
      from: { path: "^(protocol|extension|sidecar|cli|scripts)/", pathNot: unitTest },
      to: { path: ["\\.test-support\\.ts$", "^test/"] },
    },
    {
      name: "no imports of tests",
      severity: "error",
      comment: "a test file runs its tests when imported; shared helpers belong in test/support",
      from: {},
      to: { path: "^(protocol|extension|sidecar|cli|scripts|test)/.*\\.test\\.ts$" },
    },
  ],
  options: {
    parser: "swc",
    doNotFollow: { path: ["(^|/)node_modules/"] },
    exclude: { path: "^test/fixtures/" },
    enhancedResolveOptions: {
      extensions: [".ts", ".mts", ".mjs", ".js", ".cjs", ".d.ts", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types", "default"],
      mainFields: ["module", "main", "types", "typings"],
    },
  },
};

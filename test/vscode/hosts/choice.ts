/**
 * `KVASIR_TEST_EDITOR=electron` runs the tests of the API in a desktop VS Code, which has to be
 * downloaded and needs a display; all others are left out. Else everything runs in code-server.
 */
export const usesElectron = process.env["KVASIR_TEST_EDITOR"] === "electron";

import { defineConfig } from "vite";

export default defineConfig({
  // Relative addresses, so that the page works under any path.
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    // Nothing is put into the page as a data URL: a strict Content-Security-Policy forbids it.
    assetsInlineLimit: 0,
    // The WebAssembly modules come as text, and by design only when they are needed.
    chunkSizeWarningLimit: 2_000,
  },
});

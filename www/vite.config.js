import { defineConfig } from "vite";

export default defineConfig({
  // Relative addresses, so that the page works under any path.
  base: "./",
  build: { target: "es2022", modulePreload: { polyfill: false } },
});

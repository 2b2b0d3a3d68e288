import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `telemetry serve` listens; the development server hands everything but the page to it. */
const SERVER = process.env["TELEMETRY_SERVER"] ?? "http://127.0.0.1:8400";

export default defineConfig({
  plugins: [react()],
  build: {
    manifest: true,
    // The Content-Security-Policy allows no `data:` fonts or scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  server: {
    proxy: {
      "^/(api|action|content|v[13]|data/v[13]|i/v[01]|e|s|array|flags|decide|batch|capture|track|engage)(/|$)": { target: SERVER },
      "^/(health|ready|metrics|telemetry\\.js)$": { target: SERVER },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    css: false,
    // A busy machine fails none.
    testTimeout: 30_000,
  },
});

import { defineConfig } from "vitest/config";

const SERVICE = "http://127.0.0.1:8000";

export default defineConfig({
  base: "./",
  server: { host: "127.0.0.1", proxy: { "/v1": SERVICE, "/tiles": SERVICE, "/docs": SERVICE } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1600,
    license: { fileName: "assets/licenses.md" },
    rollupOptions: {
      input: { index: "index.html", docs: "docs.html" },
      output: {
        // Not every web server knows .mjs for what it is.
        assetFileNames: ({ names }) =>
          names[0]?.endsWith(".mjs") ? "assets/[name]-[hash].js" : "assets/[name]-[hash][extname]",
      },
    },
  },
  test: { include: ["tests/**/*.test.ts"] },
});

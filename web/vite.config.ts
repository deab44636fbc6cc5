// How the console's pages are built: static files with names by content, split by page, no script within the document.
import { defineConfig } from "vite";

export default defineConfig({
  root: new URL(".", import.meta.url).pathname,
  base: "/console/",
  build: {
    outDir: "dist",
    assetsDir: "assets",
    // A small file as data in the script would be blocked where it is a font or an image.
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    target: "es2022",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // What most pages share comes in one file each: as forty small ones, a phone's slow line spent its time asking (46 requests, LCP 7.9 s).
        codeSplitting: {
          groups: [
            { name: "libraries", test: /node_modules/u, minShareCount: 5 },
            { name: "shared", test: /web\/src/u, minShareCount: 5 },
          ],
        },
      },
    },
  },
  server: {
    proxy: { "/admin": { target: "http://127.0.0.1:8350" } },
  },
});

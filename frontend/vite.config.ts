import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import vue from "@vitejs/plugin-vue";
import { ElementPlusResolver } from "unplugin-vue-components/resolvers";
import Components from "unplugin-vue-components/vite";
import type { Plugin, Rolldown } from "vite";
import { defineConfig } from "vitest/config";

// The host stays the browser's own: Django compares it with the Origin of a write.
const backend = { target: `http://127.0.0.1:${process.env.ZST_PORT ?? "8000"}`, changeOrigin: false };

/** The development server answers a page's address with the same HTML file that Django gives for it. */
function pages(): Plugin {
  return {
    name: "pages",
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const path = (request.url ?? "").split("?")[0];
        if (["/track", "/check", "/survey", "/help"].includes(path ?? "")) request.url = "/index.html";
        else if (path === "/staff" || path.startsWith("/staff/")) request.url = "/staff.html";
        next();
      });
    },
  };
}

/** Phones on a weak line open the citizens' pages: all their scripts together, gzipped, in bytes. */
const CITIZEN_BUDGET = 120_000;

function citizenBudget(): Plugin {
  return {
    name: "citizen-budget",
    apply: "build",
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file): file is Rolldown.OutputChunk => file.type === "chunk");
      const open = chunks.filter(({ facadeModuleId }) => facadeModuleId?.endsWith("/index.html")).map(({ fileName }) => fileName);
      const needed = new Set<string>();
      for (let name = open.pop(); name !== undefined; name = open.pop()) {
        const chunk = chunks.find(({ fileName }) => fileName === name);
        if (!chunk || needed.has(name)) continue;
        needed.add(name);
        open.push(...chunk.imports, ...chunk.dynamicImports);
      }
      const size = chunks.filter(({ fileName }) => needed.has(fileName)).reduce((sum, { code }) => sum + gzipSync(code).length, 0);
      if (needed.size === 0 || size > CITIZEN_BUDGET) this.error(`the citizens' scripts are ${size} bytes gzipped, more than ${CITIZEN_BUDGET}`);
      this.info(`the citizens' scripts are ${size} bytes gzipped`);
    },
  };
}

export default defineConfig(({ command }) => ({
  base: command === "build" ? "/static/" : "/",
  plugins: [
    pages(),
    vue(),
    citizenBudget(),
    // Element Plus on demand, style included; our own components are imported by name.
    Components({ dirs: [], dts: false, resolvers: [ElementPlusResolver({ importStyle: "css" })] }),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  define: {
    __VUE_I18N_LEGACY_API__: "false",
    __VUE_I18N_FULL_INSTALL__: "false",
    __INTLIFY_PROD_DEVTOOLS__: "false",
    __INTLIFY_DROP_MESSAGE_COMPILER__: "true",
    __VUE_OPTIONS_API__: "false",
  },
  build: {
    target: "es2020",
    // Two pages, one build: what both need (Vue, the API client, the live connection) becomes shared chunks.
    // ECharts (gzipped 190 kB) comes alone, when a chart of the staff's comes into view.
    chunkSizeWarningLimit: 600,
    rolldownOptions: { input: ["index.html", "staff.html"], treeshake: { propertyReadSideEffects: false } },
  },
  server: {
    proxy: {
      "/api": backend,
      "/admin": backend,
      "/ws": { ...backend, ws: true },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/testing/failOnWarning.ts"],
    server: { deps: { inline: ["element-plus"] } },
    testTimeout: 60_000, // a busy machine is slow, not wrong
    restoreMocks: true,
    unstubGlobals: true,
  },
}));

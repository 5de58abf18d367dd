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

/**
 * What the citizens' first script needs and others may share is one file: on a weak line every further request in a row
 * delays the first sight. Modules of `src/citizen` stay in chunks of their own pages.
 */
const firstNeeded = new Set<string>();

function firstScript(): Plugin {
  return {
    name: "first-script",
    apply: "build",
    buildEnd() {
      const open = [...this.getModuleIds()].filter((id) => id.endsWith("/src/citizen/main.ts"));
      for (let id = open.pop(); id !== undefined; id = open.pop()) {
        if (firstNeeded.has(id)) continue;
        firstNeeded.add(id);
        open.push(...(this.getModuleInfo(id)?.importedIds ?? []));
      }
    },
  };
}

const CITIZEN_PAGES = { "/track": "TrackPage", "/survey": "SurveyPage", "/help": "HelpPage", "/check": "CheckPage" };

/** Tells public/look.js which files a page needs beside the first script, so that they are asked for at once. */
function pageFiles(): Plugin {
  return {
    name: "page-files",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle, path }) {
        if (path !== "/index.html") return;
        const chunks = Object.values(bundle ?? {}).filter((file): file is Rolldown.OutputChunk => file.type === "chunk");
        const filesOf = (name: string) => {
          const files = new Set<string>();
          const open = chunks.filter(({ facadeModuleId }) => facadeModuleId?.endsWith(`/${name}.vue`)).map(({ fileName }) => fileName);
          for (let file = open.pop(); file !== undefined; file = open.pop()) {
            const chunk = chunks.find(({ fileName }) => fileName === file);
            if (!chunk || html.includes(file) || files.has(file)) continue;
            files.add(file);
            for (const style of chunk.viteMetadata?.importedCss ?? []) files.add(style);
            open.push(...chunk.imports);
          }
          if (files.size === 0) this.error(`no chunk of ${name}`);
          return [...files].map((file) => `/static/${file}`);
        };
        const content = JSON.stringify(Object.fromEntries(Object.entries(CITIZEN_PAGES).map(([address, name]) => [address, filesOf(name)])));
        const look = '<script src="/static/look.js">';
        if (!html.includes(look)) this.error("index.html does not ask for look.js");
        return html.replace(look, () => `<meta name="pages" content="${content.replaceAll('"', "&quot;")}" />\n    ${look}`);
      },
    },
  };
}

export default defineConfig(({ command }) => ({
  base: command === "build" ? "/static/" : "/",
  plugins: [
    pages(),
    vue(),
    citizenBudget(),
    firstScript(),
    pageFiles(),
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
    rolldownOptions: {
      input: ["index.html", "staff.html"],
      treeshake: { propertyReadSideEffects: false },
      output: { codeSplitting: { groups: [{ name: "common", test: (id) => firstNeeded.has(id) && !/\/src\/(citizen|i18n\/zh-CN\/citizen)/.test(id) }] } },
    },
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

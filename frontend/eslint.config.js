import globals from "globals";
import vue from "eslint-plugin-vue";
import ts from "typescript-eslint";

// A page is a folder; pages of one application do not import each other, and nothing shared imports a page.
const pages = {
  citizen: ["check", "file", "help", "track"],
  staff: ["login", "queue", "case", "triage", "call", "quality", "rates", "respondents", "design", "rules", "supervision", "watchdog", "search", "knowledge", "calendar", "templates", "wall", "reports"],
};
const betweenPages = {
  citizen: ["uploads", "answers"],
  staff: ["session", "reading", "dispatch", "insight", "charts", "register"],
};
const shared = ["api", "design", "i18n", "live", "regions", "time"];

const boundary = (files, groups) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns: groups.map((group) => ({ group: [group] })) }] },
});

const boundaries = Object.keys(pages).flatMap((app) =>
  [...pages[app], ...betweenPages[app]].map((folder) =>
    boundary(
      [`src/${app}/${folder}/**/*.{ts,vue}`],
      [
        ...pages[app].filter((other) => other !== folder).map((other) => `@/${app}/${other}/*`),
        ...Object.keys(pages)
          .filter((other) => other !== app)
          .map((other) => `@/${other}/*`),
        "../*",
      ],
    ),
  ),
);

export default ts.config(
  { ignores: ["dist", "node_modules", "public", "src/api/schema.d.ts"] },
  ts.configs.strictTypeChecked,
  vue.configs["flat/recommended"],
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: {
        parser: ts.parser,
        projectService: { allowDefaultProject: ["eslint.config.js", "vite.config.ts"] },
        extraFileExtensions: [".vue"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-console": "error",
      eqeqeq: "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      // The types of components are known to vue-tsc only; ESLint takes whatever comes from a .vue file for any.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "vue/no-bare-strings-in-template": "error",
      "vue/block-lang": ["error", { script: { lang: "ts" } }],
      "vue/component-api-style": ["error", ["script-setup"]],
      "vue/define-macros-order": "error",
      "vue/no-unused-refs": "error",
      "vue/no-v-html": "error",
      "vue/html-button-has-type": "error",
      // Layout of the markup is left to the writer.
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/multiline-html-element-content-newline": "off",
      "vue/html-self-closing": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/html-indent": "off",
      "vue/first-attribute-linebreak": "off",
      "vue/attributes-order": "off",
    },
  },
  ...boundaries,
  boundary(
    shared.map((folder) => `src/${folder}/**/*.{ts,vue}`),
    ["@/citizen/*", "@/staff/*"],
  ),
  { files: ["eslint.config.js"], extends: [ts.configs.disableTypeChecked] },
);

import type { RouteLocationNormalized, RouteLocationNormalizedLoaded, RouteLocationRaw } from "vue-router";
import { createRouter, createWebHistory } from "vue-router";
import { filtersOf } from "./queue/filters";
import { askedOf as articlesAskedOf } from "./knowledge/filters";
import { askedOf } from "./quality/asked";
import { askedOf as ratesAskedOf } from "./rates/asked";
import { askedOf as reportAskedOf } from "./reports/asked";
import { askedOf as searchAskedOf } from "./search/filters";
import { homeOf } from "./session/places";
import { spanOf } from "./wall/words";
import { loadSession, useSession } from "./session/session";

declare module "vue-router" {
  interface RouteMeta {
    open?: boolean;
  }
}

/** Lets somebody through, or says where to go instead; false when the server does not say who they are. */
export async function admit(to: Pick<RouteLocationNormalized, "path" | "fullPath" | "meta">): Promise<boolean | RouteLocationRaw> {
  if (!(await loadSession())) return false;
  const { me } = useSession();
  if (!me.value) return to.meta.open ? true : { path: "/login", query: to.path === "/" ? {} : { next: to.fullPath } };
  return to.path === "/" || to.path === "/login" ? homeOf(me.value.role) : true;
}

/** The filters reach the queue as a prop, so that a queue kept in the background does not follow other addresses. */
function queueProps({ params, query }: RouteLocationNormalizedLoaded) {
  return { queue: params.queue, filters: filtersOf(query) };
}

/** The pages behind the login. A page is loaded when it is first opened. */
export function staffRouter() {
  const router = createRouter({
    history: createWebHistory("/staff/"),
    scrollBehavior: (to, from, saved) => saved ?? (to.matched.at(-1) === from.matched.at(-1) ? false : { top: 0 }),
    routes: [
      { path: "/login", component: () => import("./login/LoginPage.vue"), meta: { open: true } },
      { path: "/design", component: () => import("./design/DesignPage.vue"), meta: { open: true } },
      {
        path: "/",
        component: () => import("./shell/StaffLayout.vue"),
        children: [
          { path: "", component: () => import("./shell/NotFound.vue") }, // never shown: see beforeEach
          { path: "queue/:queue(mine|all)", component: () => import("./queue/QueuePage.vue"), props: queueProps },
          { path: "cases/:number", component: () => import("./case/CasePage.vue"), props: true },
          { path: "triage/:number?", component: () => import("./triage/TriagePage.vue"), props: true },
          { path: "quality", component: () => import("./quality/QualityPage.vue"), props: ({ query }) => ({ asked: askedOf(query) }) },
          { path: "rules/:number(\\d+)?", component: () => import("./rules/RulesPage.vue"), props: ({ params }) => ({ number: Number(params.number) || null }) },
          { path: "followup", component: () => import("./followup/FollowUpPage.vue") },
          { path: "rates", component: () => import("./rates/RatesPage.vue"), props: ({ query }) => ({ asked: ratesAskedOf(query) }) },
          { path: "wall", component: () => import("./wall/WallPage.vue"), props: ({ query }) => spanOf(query) },
          { path: "reports", component: () => import("./reports/ReportsPage.vue"), props: ({ query }) => ({ asked: reportAskedOf(query) }) },
          { path: "respondents", component: () => import("./respondents/RespondentsPage.vue"), props: ({ query }) => ({ q: typeof query.q === "string" ? query.q : "" }) },
          { path: "respondents/:id(\\d+)", component: () => import("./respondents/RespondentPage.vue"), props: ({ params }) => ({ id: Number(params.id) }) },
          { path: "supervision", component: () => import("./supervision/SupervisionPage.vue") },
          { path: "calendar", component: () => import("./calendar/CalendarPage.vue"), props: ({ query }) => ({ month: typeof query.month === "string" ? query.month : "" }) },
          { path: "templates", component: () => import("./templates/TemplatesPage.vue") },
          { path: "knowledge", component: () => import("./knowledge/KnowledgePage.vue"), props: ({ query }) => ({ asked: articlesAskedOf(query) }) },
          { path: "knowledge/new", component: () => import("./knowledge/ArticleForm.vue"), props: { code: null } },
          { path: "knowledge/:code([-\\w]+)", component: () => import("./knowledge/ArticlePage.vue"), props: true },
          { path: "knowledge/:code([-\\w]+)/edit", component: () => import("./knowledge/ArticleForm.vue"), props: true },
          { path: "watchdog", component: () => import("./watchdog/WatchdogPage.vue") },
          { path: "search", component: () => import("./search/SearchPage.vue"), props: ({ query }) => ({ asked: searchAskedOf(query) }) },
          { path: "call", component: () => import("./call/CallPage.vue") },
          { path: ":rest(.*)*", component: () => import("./shell/NotFound.vue") },
        ],
      },
    ],
  });

  router.beforeEach(admit);
  return router;
}

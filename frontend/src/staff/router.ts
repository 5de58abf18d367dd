import type { RouteLocationNormalized, RouteLocationNormalizedLoaded, RouteLocationRaw } from "vue-router";
import { createRouter, createWebHistory } from "vue-router";
import { filtersOf } from "./queue/filters";
import { askedOf } from "./quality/asked";
import { homeOf } from "./session/places";
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
      {
        path: "/",
        component: () => import("./shell/StaffLayout.vue"),
        children: [
          { path: "", component: () => import("./shell/NotFound.vue") }, // never shown: see beforeEach
          { path: "queue/:queue(mine|all)", component: () => import("./queue/QueuePage.vue"), props: queueProps },
          { path: "cases/:number", component: () => import("./case/CasePage.vue"), props: true },
          { path: "triage/:number?", component: () => import("./triage/TriagePage.vue"), props: true },
          { path: "quality", component: () => import("./quality/QualityPage.vue"), props: ({ query }) => ({ asked: askedOf(query) }) },
          { path: "call", component: () => import("./call/CallPage.vue") },
          { path: ":rest(.*)*", component: () => import("./shell/NotFound.vue") },
        ],
      },
    ],
  });

  router.beforeEach(admit);
  return router;
}

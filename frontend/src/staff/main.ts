import "@/design/tokens.css";
import "@/design/base.css";
import "element-plus/theme-chalk/base.css";
import "./element.css";
import { createApp, watch } from "vue";
import { wordsFor } from "@/i18n";
import staff from "@/i18n/zh-CN/staff";
import { staffRouter } from "./router";
import { useSession } from "./session/session";
import StaffApp from "./shell/StaffApp.vue";

const router = staffRouter();

// Whoever finds the session over is led to the login, and back to the same page after it.
watch(useSession().me, (user) => {
  const { fullPath, meta } = router.currentRoute.value;
  if (!user && !meta.open && router.currentRoute.value.matched.length > 0) {
    void router.push({ path: "/login", query: { next: fullPath } });
  }
});

createApp(StaffApp).use(router).use(wordsFor({ staff })).mount("#app");

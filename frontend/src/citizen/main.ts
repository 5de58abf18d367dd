import "@/design/tokens.css";
import "@/design/base.css";
import "./citizen.css";
import { createApp } from "vue";
import { withoutSession } from "@/api/client";
import { wordsFor } from "@/i18n";
import citizen from "@/i18n/zh-CN/citizen";
import CitizenApp from "./shell/CitizenApp.vue";

withoutSession();
createApp(CitizenApp).use(wordsFor({ citizen })).mount("#app");

import type { IconName } from "@/design/IconMark.vue";
import type { Role } from "./session";

/** A page of the navigation. What somebody may see or do is decided by the server; this is only what they look for. */
export interface Place {
  /** In the bar itself, or in one of its menus. */
  group: "work" | "watch" | "know";
  name: "mine" | "triage" | "all" | "call" | "quality" | "rules" | "followup" | "rates" | "respondents" | "supervision" | "watchdog" | "search" | "knowledge" | "calendar" | "templates" | "wall" | "reports";
  path: string;
  icon: IconName;
  roles: readonly Role[];
}

export const PLACES: readonly Place[] = [
  { group: "work", name: "mine", path: "/queue/mine", icon: "inbox", roles: ["officer"] },
  { group: "work", name: "triage", path: "/triage", icon: "split", roles: ["dispatcher", "supervisor"] },
  { group: "work", name: "call", path: "/call", icon: "phone", roles: ["call_taker"] },
  { group: "work", name: "all", path: "/queue/all", icon: "list", roles: ["call_taker", "dispatcher", "supervisor"] },
  { group: "work", name: "calendar", path: "/calendar", icon: "clock", roles: ["officer"] },
  { group: "work", name: "search", path: "/search", icon: "search", roles: ["call_taker", "dispatcher", "officer", "supervisor"] },
  { group: "work", name: "followup", path: "/followup", icon: "phone", roles: ["call_taker", "dispatcher", "supervisor"] },
  { group: "watch", name: "wall", path: "/wall", icon: "eye", roles: ["supervisor"] },
  { group: "watch", name: "reports", path: "/reports", icon: "print", roles: ["supervisor"] },
  { group: "watch", name: "rates", path: "/rates", icon: "chart", roles: ["supervisor"] },
  { group: "know", name: "respondents", path: "/respondents", icon: "search", roles: ["call_taker", "dispatcher", "officer", "supervisor"] },
  { group: "watch", name: "quality", path: "/quality", icon: "chart", roles: ["supervisor"] },
  { group: "watch", name: "supervision", path: "/supervision", icon: "alert", roles: ["dispatcher", "officer", "supervisor"] },
  { group: "watch", name: "watchdog", path: "/watchdog", icon: "clock", roles: ["dispatcher", "supervisor"] },
  { group: "know", name: "knowledge", path: "/knowledge", icon: "info", roles: ["call_taker", "dispatcher", "officer", "supervisor"] },
  { group: "know", name: "templates", path: "/templates", icon: "list", roles: ["supervisor"] },
  { group: "know", name: "rules", path: "/rules", icon: "split", roles: ["supervisor"] },
];

const HOME: Record<Role, string> = {
  officer: "/queue/mine",
  dispatcher: "/triage",
  call_taker: "/call",
  supervisor: "/queue/all",
};

/** Where a role begins its day. */
export function homeOf(role: string): string {
  return role in HOME ? HOME[role as Role] : "/queue/all";
}

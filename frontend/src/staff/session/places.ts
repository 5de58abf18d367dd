import type { IconName } from "@/design/IconMark.vue";
import type { Role } from "./session";

/** A page of the navigation. What somebody may see or do is decided by the server; this is only what they look for. */
export interface Place {
  name: "mine" | "triage" | "all" | "call" | "quality";
  path: string;
  icon: IconName;
  roles: readonly Role[];
}

export const PLACES: readonly Place[] = [
  { name: "mine", path: "/queue/mine", icon: "inbox", roles: ["officer"] },
  { name: "triage", path: "/triage", icon: "split", roles: ["dispatcher", "supervisor"] },
  { name: "call", path: "/call", icon: "phone", roles: ["call_taker"] },
  { name: "all", path: "/queue/all", icon: "list", roles: ["call_taker", "dispatcher", "supervisor"] },
  { name: "quality", path: "/quality", icon: "chart", roles: ["supervisor"] },
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

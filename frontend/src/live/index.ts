import type { Ref } from "vue";
import { onMounted, onUnmounted, readonly, ref } from "vue";
import type { Listener, LiveState, Socket } from "./connection";
import { LiveConnection } from "./connection";

/** The tab's one connection. Staff start it after login, a citizen when a case is shown. */
export const live = new LiveConnection(() => {
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  return new WebSocket(`${scheme}://${window.location.host}/ws/feed/`) as Socket;
});

const state = ref<LiveState>(live.state);
live.listen({ state: (now) => (state.value = now) });

/** Whether what is on screen is current. */
export function useLiveState(): Readonly<Ref<LiveState>> {
  return readonly(state);
}

/** Listens as long as the component is mounted. */
export function useLive(listener: Listener): void {
  let end: (() => void) | undefined;
  onMounted(() => (end = live.listen(listener)));
  onUnmounted(() => end?.());
}

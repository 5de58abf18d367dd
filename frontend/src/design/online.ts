/** Whether the device says it has a network. True is only a hope; false is certain enough to say so. */
import type { Ref } from "vue";
import { onUnmounted, readonly, ref } from "vue";

export function useOnline(back?: () => void): Readonly<Ref<boolean>> {
  const online = ref(navigator.onLine);
  const listen = new AbortController();
  window.addEventListener("offline", () => (online.value = false), { signal: listen.signal });
  window.addEventListener("online", () => {
    online.value = true;
    back?.();
  }, { signal: listen.signal });
  onUnmounted(() => listen.abort());
  return readonly(online);
}

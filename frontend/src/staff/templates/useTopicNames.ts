import { computed, onMounted, ref } from "vue";
import { useI18n } from "vue-i18n";
import { asProblem } from "@/api/problem";
import { listTopics } from "@/api/reference";
import type { Topic } from "@/api/types";

/** One letter stands for all topics of a domain. */
const WHOLE = { P: "product", E: "engineering", S: "service", V: "environment" } as const;
const LETTERS = ["P", "E", "S", "V"] as const;

/** The codes that a template can be kept for, with their names: whole domains first. */
export function useTopicNames() {
  const { t } = useI18n();
  const topics = ref<Topic[]>([]);
  onMounted(async () => {
    try {
      topics.value = await listTopics();
    } catch (error) {
      asProblem(error); // the page shows that the server is away
    }
  });
  const domains = computed(() => LETTERS.map((code) => ({ code, name: t("staff.desk.templates.domain", { name: t(`staff.domain.${WHOLE[code]}`) }) })));
  const names = computed(() => new Map([...domains.value, ...topics.value].map(({ code, name }): [string, string] => [code, name])));
  const nameOf = (codes: string): string => codes.split(/\s+/).map((code) => names.value.get(code) ?? code).join("、");
  return { domains, topics, nameOf };
}

import { useI18n } from "vue-i18n";
import { asProblem } from "@/api/problem";

/** What to tell somebody about a failed request: the server's own words where it had any. */
export function useProblemWords() {
  const { t } = useI18n();
  return (error: unknown): string => {
    const problem = asProblem(error);
    if (problem.isOffline) return t("shared.problem.offline");
    if (problem.status === 401) return t("staff.problem.expired");
    return problem.detail || t("shared.problem.server");
  };
}

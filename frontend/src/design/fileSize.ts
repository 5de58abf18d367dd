type Say = (key: "shared.attachments.size" | "shared.attachments.small", values: { n: string }) => string;

/** A file's size in whole KB, or in MB with one decimal. */
export function fileSize(bytes: number, t: Say): string {
  const kilobytes = Math.max(1, Math.round(bytes / 1024));
  if (kilobytes < 1024) return t("shared.attachments.small", { n: String(kilobytes) });
  return t("shared.attachments.size", { n: (bytes / 1024 / 1024).toFixed(1) });
}

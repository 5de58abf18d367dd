export type EvidenceKind = "image" | "video" | "audio" | "pdf" | "other";

/** How a file is shown, by its content type. */
export function kindOf(contentType: string): EvidenceKind {
  if (contentType === "application/pdf") return "pdf";
  const [family] = contentType.split("/");
  return family === "image" || family === "video" || family === "audio" ? family : "other";
}

export const MOST_ZOOM = 6;

/** The next step of enlarging: half as large again, back to the whole picture at the least. */
export function zoomed(zoom: number, by: 1 | -1): number {
  return Math.min(MOST_ZOOM, Math.max(1, by > 0 ? zoom * 1.5 : zoom / 1.5));
}

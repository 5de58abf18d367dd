export interface Hit {
  level: string;
  phrase: string;
}

/** A piece of a text; `level` is set where it is a phrase that raised the urgency. */
export interface Piece {
  text: string;
  level: string | null;
}

/** Cuts a text at its urgency phrases. Where phrases overlap, the more urgent one wins, then the longer. */
export function highlight(text: string, hits: readonly Hit[]): Piece[] {
  const ranked = hits
    .filter(({ phrase }) => phrase !== "")
    .sort((a, b) => a.level.localeCompare(b.level) || b.phrase.length - a.phrase.length);
  const levels: (string | null)[] = Array.from({ length: text.length }, () => null);
  for (const { level, phrase } of ranked) {
    for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + phrase.length)) {
      const free = levels.slice(at, at + phrase.length).every((taken) => taken === null);
      if (free) levels.fill(level, at, at + phrase.length);
    }
  }
  const pieces: Piece[] = [];
  for (let i = 0; i < text.length; i++) {
    const last = pieces.at(-1);
    const level = levels[i] ?? null;
    if (last?.level === level) last.text += text.charAt(i);
    else pieces.push({ text: text.charAt(i), level });
  }
  return pieces;
}

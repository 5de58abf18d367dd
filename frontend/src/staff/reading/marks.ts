import type { Piece } from "./highlight";

/** A stretch of a text; offsets in code points, the end exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** A phrase that spoke for a topic; `weight` 0..1, the strongest one has 1. */
export interface Evidence extends Span {
  weight: number;
}

/** How much a phrase spoke for a topic, in the three steps that a reader can tell apart. */
export type Strength = "strong" | "medium" | "weak";

export interface MarkedPiece extends Piece {
  strength: Strength | null;
  /** Inside the stretch that is pointed at. */
  pointed: boolean;
}

export function strengthOf(weight: number): Strength {
  if (weight >= 2 / 3) return "strong";
  return weight >= 1 / 3 ? "medium" : "weak";
}

/** Cuts the pieces of a text further, at evidence and at the stretch pointed at. The stronger evidence wins. */
export function mark(pieces: readonly Piece[], evidence: readonly Evidence[], pointed: Span | null): MarkedPiece[] {
  const ranked = [...evidence].sort((a, b) => b.weight - a.weight);
  const marked: MarkedPiece[] = [];
  let at = 0; // code points: what the server counts in
  for (const piece of pieces) {
    let first = true;
    for (const character of piece.text) {
      const found = ranked.find(({ start, end }) => start <= at && at < end);
      const strength = found ? strengthOf(found.weight) : null;
      const inside = pointed !== null && pointed.start <= at && at < pointed.end;
      const last = first ? undefined : marked.at(-1);
      if (last?.strength === strength && last.pointed === inside) last.text += character;
      else marked.push({ text: character, level: piece.level, strength, pointed: inside });
      first = false;
      at += 1;
    }
  }
  return marked;
}

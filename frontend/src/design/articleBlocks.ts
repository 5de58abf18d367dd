/** The little markup that an article may hold: `## ` headings, `- ` and `1. ` lists, `**` for what stands out. */
export interface Piece {
  text: string;
  strong: boolean;
}
export interface Block {
  kind: "paragraph" | "heading" | "bullets" | "numbers";
  lines: Piece[][];
}

/** A mark without its other half is text like any other. */
function pieces(line: string): Piece[] {
  return line
    .split(/(\*\*[^*]+\*\*)/)
    .filter((text) => text !== "")
    .map((text) => (/^\*\*[^*]+\*\*$/.test(text) ? { text: text.slice(2, -2), strong: true } : { text, strong: false }));
}

export function blocksOf(body: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | null = null;
  for (const raw of body.split("\n")) {
    const line = raw.trim();
    const [, mark = "", rest = ""] = /^(## |- |\d+\. )?(.*)$/.exec(line) ?? [];
    const kind = mark === "## " ? "heading" : mark === "- " ? "bullets" : mark ? "numbers" : "paragraph";
    if (rest === "") {
      open = null;
    } else if (open && kind !== "heading" && open.kind === kind) {
      open.lines.push(pieces(rest));
    } else {
      open = { kind, lines: [pieces(rest)] };
      blocks.push(open);
      if (kind === "heading") open = null;
    }
  }
  return blocks;
}

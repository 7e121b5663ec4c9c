/** A fenced block of a Markdown file. */
export interface MarkdownBlock {
  /** The language after the opening fence: `js`, `sh`, `text`. */
  readonly language: string;
  readonly code: string;
  /** The heading above the block. */
  readonly heading: string;
  /** The text of the comment `<!-- test: … -->` before the block; empty if there is none. */
  readonly directive: string;
  /** The output that the block should print: the next block, if it is `text` and only blank lines are between. */
  readonly output: string | undefined;
}

const fence = /^```(\w*)\n([\s\S]*?)^```$/gm;

/** The fenced blocks of a Markdown text, in order. */
export function markdownBlocks(text: string): MarkdownBlock[] {
  const matches = [...text.matchAll(fence)];
  return matches.map((match, index) => {
    const [whole, language = "", code = ""] = match;
    const before = text.slice(0, match.index);
    const next = matches[index + 1];
    const between = next === undefined ? "" : text.slice(match.index + whole.length, next.index);
    const isPrinted = next?.[1] === "text" && between.trim() === "";
    return {
      language,
      code,
      heading:
        before
          .match(/^#+ .*$/gm)
          ?.at(-1)
          ?.replace(/^#+ /, "") ?? "",
      directive: /<!-- test: (.*) -->\s*$/.exec(before)?.[1] ?? "",
      output: isPrinted ? next[2] : undefined,
    };
  });
}

/** A fenced block of a Markdown file. */
export interface MarkdownBlock {
  /** What is behind the opening fence: `js`, `sh`, `text`. */
  readonly language: string;
  readonly code: string;
  /** The heading that it stands under. */
  readonly heading: string;
  /** What the comment `<!-- test: … -->` before it says; empty if there is none. */
  readonly directive: string;
  /** The `text` block that follows it, if nothing but blank lines is between: what it prints. */
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

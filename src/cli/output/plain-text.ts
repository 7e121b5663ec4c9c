/** A text of somebody else's in a line of a terminal: a title or an answer could move the cursor, or feign a line. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
}

const longestTitle = 120;

/** A title of somebody else's in a line of a terminal, which is to stay one. */
export function titleText(title: string): string {
  const characters = [...plainText(title)];
  return characters.length > longestTitle
    ? `${characters.slice(0, longestTitle - 1).join("")}…`
    : characters.join("");
}

/** Makes foreign text, such as a title, safe for a line of the terminal: it could move the cursor or fake a line. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
}

const longestTitle = 120;

/** Makes a foreign title safe for a line of the terminal, and short enough to fit in it. */
export function titleText(title: string): string {
  const characters = [...plainText(title)];
  return characters.length > longestTitle
    ? `${characters.slice(0, longestTitle - 1).join("")}…`
    : characters.join("");
}

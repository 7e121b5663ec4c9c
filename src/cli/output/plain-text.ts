/** A text of somebody else's in a line of a terminal: a title or an answer could move the cursor, or feign a line. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
}

/** A name, and perhaps a password, before the host of a URL; a format may be named before it (`n5://https://…`). */
const userInfo = /^(\s*(?:[a-z][a-z0-9+.-]*:\/\/)+)[^/?#]*@/i;

/** What was taken out of plain data, and how often. */
export interface WithoutUserInfo {
  readonly value: unknown;
  readonly taken: number;
}

/** Plain data without the names and passwords that URLs in it have. */
export function withoutUserInfo(value: unknown): WithoutUserInfo {
  let taken = 0;
  const cleaned = (part: unknown): unknown => {
    if (typeof part === "string") {
      if (!userInfo.test(part)) return part;
      taken++;
      return part.replace(userInfo, "$1");
    }
    if (Array.isArray(part)) return part.map(cleaned);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, member]) => [name, cleaned(member)]));
  };
  return { value: cleaned(value), taken };
}

/** A user name, and perhaps a password, before the host of a URL. A format may precede the URL (`n5://https://…`). */
const userInfo = /^(\s*(?:[a-z][a-z0-9+.-]*:\/\/)+)[^/?#]*@/i;

/** Plain data without user names and passwords, and how many URLs had them. */
export interface WithoutUserInfo {
  readonly value: unknown;
  readonly taken: number;
}

/** Removes the user names and passwords from all URLs in plain data. */
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

/** So many characters from the start are looked at: an answer may be very long. */
const examined = 1_000_000;

/**
 * What keeps a text from being JSON, to follow its name: what Python writes for missing numbers, what people write by
 * hand, or that it was cut. `undefined` where it does not look like JSON, or the fault is another.
 */
export function jsonFault(text: string): string | undefined {
  if (!/^\s*(?:[[{]|\/[/*])/.test(text)) return undefined;
  const bare = text.slice(0, examined).replace(/"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)/g, '""');
  if (/[[{:,]\s*'/.test(bare)) return "has text in single quotes, where JSON has double ones";
  if (/\b(?:NaN|Infinity)\b/.test(bare))
    return "has NaN or Infinity for a number, which JSON does not know: null or a number belongs there";
  if (/\/[/*]/.test(bare)) return "has a comment, which JSON does not know";
  if (/,\s*[\]}]/.test(bare)) return "has a comma before a closing bracket, which JSON does not know";
  return /[\]}]\s*$/.test(text.slice(-100)) ? undefined : "breaks off before its end";
}

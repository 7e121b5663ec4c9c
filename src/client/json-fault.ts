/** Number of characters from the start that are examined: an answer may be very long. */
const examined = 1_000_000;

/**
 * Why a text is not JSON, as the end of a sentence: it has what Python writes for missing numbers, or what people write
 * by hand, or it was cut. `undefined` if the text does not look like JSON, or has another fault.
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

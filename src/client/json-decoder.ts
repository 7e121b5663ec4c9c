/**
 * The decoder for JSON that begins with these bytes: UTF-8, or the UTF-16 that PowerShell writes. A byte order mark is
 * not necessary, since the first character of JSON is an ASCII one.
 */
export function jsonDecoder([first, second]: Uint8Array): TextDecoder {
  if (second === 0 || (first === 0xff && second === 0xfe)) return new TextDecoder("utf-16le");
  return new TextDecoder(first === 0 || (first === 0xfe && second === 0xff) ? "utf-16be" : "utf-8");
}

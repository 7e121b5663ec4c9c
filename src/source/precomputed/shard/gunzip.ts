/**
 * Unpacks gzip. The platform checks the checksum and the length.
 *
 * @param most - The most bytes that may come out.
 * @returns The bytes; `undefined` if they are damaged, or more than `most`.
 */
export async function gunzip(bytes: Uint8Array, most: number): Promise<Uint8Array | undefined> {
  const packed = new Response(bytes as BodyInit).body;
  if (packed === null) return undefined;
  const reader = packed.pipeThrough(new DecompressionStream("gzip")).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      length += value.length;
      if (length > most) {
        await reader.cancel();
        return undefined;
      }
    }
  } catch {
    return undefined;
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

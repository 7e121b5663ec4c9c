/** The SHA-256 of the memory of an array, in hexadecimal. */
export async function sha256(data: ArrayBufferView<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

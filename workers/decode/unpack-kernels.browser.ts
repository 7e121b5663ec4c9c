/** The bytes of a zlib stream in base64; browsers that have WebAssembly SIMD but not this decode in TypeScript. */
export async function unpackKernels(packed: string): Promise<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

/** The bytes of a zlib stream in base64. A browser with WebAssembly SIMD but without this decodes in TypeScript. */
export async function unpackKernels(packed: string): Promise<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

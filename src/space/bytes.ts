/**
 * A `Uint8Array` on memory that is not shared, as `crypto.subtle`, `Blob` and `Response` want it: the
 * `Uint8Array<ArrayBuffer>` of TypeScript 5.7 and later, which those before it cannot spell and need not.
 */
export type Bytes = ReturnType<typeof Uint8Array.of>;

/**
 * A `Uint8Array` on memory that is not shared, as `crypto.subtle`, `Blob` and `Response` want it. TypeScript 5.7 and
 * later call it `Uint8Array<ArrayBuffer>`; older versions cannot write that and do not need it.
 */
export type Bytes = ReturnType<typeof Uint8Array.of>;

import { expect } from "vitest";

/**
 * Vitest compares voxels as it does objects: by a text for the key of each, a second for a million. Where two arrays hold the same numbers, this
 * says so at once. Of all others it says nothing: Vitest compares them, and shows the difference, as ever.
 */
function areSameNumbers(a: unknown, b: unknown): true | undefined {
  if (Array.isArray(a) && Array.isArray(b)) return areSame(a, b) || undefined;
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b))
    return (a.constructor === b.constructor && areSame(bytes(a), bytes(b))) || undefined;
  return undefined;
}

function areSame(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (typeof a[i] !== "number" || !Object.is(a[i], b[i])) return false;
  return true;
}

function bytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

// Once for all files of tests that share a process or a page.
expect.addEqualityTesters([areSameNumbers]);

import type { StackMirror } from "../stack/mirror/stack-mirror.js";

// Cache keys name mirrors by number: an image base may hold credentials, and two mirrors may share one.
const serials = new WeakMap<StackMirror, number>();
let mirrorsSeen = 0;

/** A number that no other mirror has. */
export function serialOf(mirror: StackMirror): number {
  let serial = serials.get(mirror);
  if (serial === undefined) {
    serial = mirrorsSeen++;
    serials.set(mirror, serial);
  }
  return serial;
}

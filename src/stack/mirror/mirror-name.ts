import type { StackMirror } from "./stack-mirror.js";

/** A mirror as messages call it: position and title. */
export function nameOf(mirror: StackMirror): string {
  return `${mirror.position} ${JSON.stringify(mirror.title)}`;
}

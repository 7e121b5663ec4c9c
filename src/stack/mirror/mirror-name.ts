import type { StackMirror } from "./stack-mirror.js";

/** How messages name a mirror: by position and title. */
export function nameOf(mirror: StackMirror): string {
  return `${mirror.position} ${JSON.stringify(mirror.title)}`;
}

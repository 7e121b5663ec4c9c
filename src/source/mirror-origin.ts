import { shownUrl } from "../../workers/transport/shown-url.js";
import { UnsupportedMirrorError } from "../errors.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";

/** The origin of a mirror's tiles. The mirror's credentials go nowhere else. */
export function originOf(mirror: StackMirror): string {
  if (mirror.origin !== null) return mirror.origin;
  // The address is relative to the page, or to the page's scheme.
  return new URL(absoluteUrl(mirror.isSupported ? mirror.baseUrl : "./")).origin;
}

/** Whether two URLs have the same origin, so that credentials for one may go to the other. */
export function haveSameOrigin(a: string, b: string): boolean {
  try {
    return new URL(absoluteUrl(a)).origin === new URL(absoluteUrl(b)).origin;
  } catch {
    return false;
  }
}

/** The URL, resolved against the page if it is relative. */
export function absoluteUrl(url: string): string {
  if (/^https?:/i.test(url)) return url;
  // Workers made from a Blob have no base of their own, so relative URLs are resolved here.
  const page = (globalThis as { location?: { href?: string } }).location?.href;
  try {
    return new URL(url, page).href;
  } catch (cause) {
    throw new UnsupportedMirrorError(
      `the tile URL ${shownUrl(url)} is relative and there is no page to resolve it against: give catmaidUrl with scheme and host`,
      { cause },
    );
  }
}

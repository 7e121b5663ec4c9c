import { shownUrl } from "../../../workers/transport/shown-url.js";
import type { Ask } from "../block-source.js";

/** The content of an `attributes.json`. */
export type N5Attributes = Readonly<Record<string, unknown>>;

// Some files hold long lists of landmarks or transformations.
const maxBytes = 16 * 1024 * 1024;

/**
 * Reads the attributes of a folder of an N5 container.
 *
 * @param url - URL of the `attributes.json`.
 * @param what - How messages name the attributes.
 * @returns The attributes, or why there are none: a clause that follows "because".
 * @throws TileFetchError if the request fails.
 */
export async function readAttributes(
  ask: Ask,
  url: string,
  what: string,
  signal: AbortSignal,
): Promise<{ readonly attributes: N5Attributes } | { readonly problem: string }> {
  const bytes = await ask({ url, what, maxBytes }, signal);
  if (bytes === undefined) return { problem: `there is no ${shownUrl(url)}` };
  const attributes = parseObject(bytes);
  return attributes === undefined ? { problem: `${shownUrl(url)} is no JSON object` } : { attributes };
}

function parseObject(bytes: Uint8Array): N5Attributes | undefined {
  const text = new TextDecoder().decode(bytes);
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null && !Array.isArray(json)
      ? (json as N5Attributes)
      : undefined;
  } catch {
    return undefined;
  }
}

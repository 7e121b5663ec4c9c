import { shownUrl } from "../../../workers/transport/shown-url.js";
import type { Ask } from "../block-source.js";

/** What an `attributes.json` holds. */
export type N5Attributes = Readonly<Record<string, unknown>>;

// Some hold lists of landmarks or transformations.
const maxBytes = 16 * 1024 * 1024;

/**
 * The attributes of a folder of an N5 container.
 *
 * @param url - Of its `attributes.json`.
 * @param what - What messages call them.
 * @returns Why there are none, to follow "because", if so.
 * @throws TileFetchError where they cannot be had.
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

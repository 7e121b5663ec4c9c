/** Where a mirror is, as far as that can be told without asking it. */
export interface MirrorAddress {
  /** The address, without credentials. */
  readonly given: string;
  /** The address with its host in front of it, where one is known; the rest is as it was given. */
  readonly resolved: string;
  /** Origin that requests go to; `null` for a relative address of which the page is not known. */
  readonly origin: string | null;
  /** User and password that stood in the address. */
  readonly credentials: readonly [user: string, password: string] | undefined;
  /** Why nothing can be fetched from there, as the end of a sentence; `undefined` if that is not so. */
  readonly problem: string | undefined;
}

// Stands in for the page while a relative address is examined; reserved, so that no mirror has it.
const unknownPage = "http://page.invalid/";

/**
 * Takes an address apart: `http(s)` URLs, and addresses relative to CATMAID's own (`/tiles/…`, `//host/tiles/…`), as
 * stack infos have them for mirrors on the same server. The text is not normalised: it goes into tile URLs as it is.
 *
 * @param pageUrl - Absolute URL that relative addresses belong to, if known.
 */
export function parseAddress(address: string, pageUrl?: string): MirrorAddress {
  const [given, credentials] = splitCredentials(address);
  const page = absoluteUrl(pageUrl);
  const nowhere = { given, resolved: given, origin: null, credentials };
  const absolute = parseUrl(given);
  const target = absolute ?? parseUrl(given, page?.href ?? unknownPage);
  if (target === undefined) return { ...nowhere, problem: `is not a URL: ${show(given)}` };
  if (target.protocol !== "http:" && target.protocol !== "https:") {
    return { ...nowhere, problem: `has a URL of scheme ${target.protocol} and only http(s) can be fetched` };
  }
  if (target.username !== "" || target.password !== "") {
    return { ...nowhere, given: "", resolved: "", problem: "has credentials in an odd place of its URL" };
  }
  if (absolute !== undefined) return { ...nowhere, origin: target.origin, problem: undefined };
  if (page === undefined) return { ...nowhere, problem: undefined };
  const resolved = prefixFor(given, page) + given.trimStart();
  return { ...nowhere, resolved, origin: target.origin, problem: undefined };
}

/** An address with the slash that a folder ends in. A query that ends in `=` takes the path as its value as it is. */
export function asFolder(address: string): string {
  return /[/=]$/.test(address) ? address : `${address}/`;
}

function prefixFor(relative: string, page: URL): string {
  const text = relative.trimStart();
  if (/^[/\\]{2}/.test(text)) return page.protocol;
  if (/^[/\\]/.test(text)) return page.origin;
  return page.origin + page.pathname.slice(0, page.pathname.lastIndexOf("/") + 1);
}

function splitCredentials(address: string): readonly [string, readonly [string, string] | undefined] {
  const found = /^(\s*(?:https?:)?[/\\]{2})([^/\\?#]*)@/i.exec(address);
  if (found === null) return [address, undefined];
  const [whole, start = "", text = ""] = found;
  const colon = text.indexOf(":");
  const [user, password] = colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
  return [start + address.slice(whole.length), [decode(user), decode(password)]];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function absoluteUrl(text: string | undefined): URL | undefined {
  const url = text === undefined ? undefined : parseUrl(text);
  return url?.protocol === "http:" || url?.protocol === "https:" ? url : undefined;
}

function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

function show(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

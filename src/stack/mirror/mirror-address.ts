/** Where a mirror is, as far as that can be told without asking it. */
export interface MirrorAddress {
  /** The address, without credentials. */
  readonly given: string;
  /** What of it may be shown: nothing where credentials cannot be told from the rest. */
  readonly shown: string;
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
const pages = [unknownPage, "https://page.invalid/"];

/**
 * Takes an address apart: `http(s)` URLs, and addresses relative to CATMAID's own (`/tiles/…`, `//host/tiles/…`), as
 * stack infos have them for mirrors on the same server. The text is not normalised: it goes into tile URLs as it is.
 *
 * @param folderUrl - Absolute URL of the folder that relative addresses belong to, if known; its slash may be missing.
 */
export function parseAddress(address: string, folderUrl?: string): MirrorAddress {
  const [given, credentials] = splitCredentials(address);
  const page = absoluteUrl(folderUrl);
  const nowhere = { given, shown: given, resolved: given, origin: null, credentials };
  const absolute = parseUrl(given);
  const target = absolute ?? parseUrl(given, page?.href ?? unknownPage);
  if (target === undefined) {
    const problem = "has an address that is not a URL (it is not repeated here, as it may hold credentials)";
    return { ...nowhere, shown: "", problem };
  }
  if (target.protocol !== "http:" && target.protocol !== "https:") {
    const problem = `has a URL of scheme ${target.protocol} and only http(s) can be fetched`;
    // Perhaps user:password@host, without the scheme.
    return { ...nowhere, shown: given.includes("@") ? "" : given, problem };
  }
  if (target.username !== "" || target.password !== "") {
    const problem = "has credentials in an odd place of its URL";
    return { ...nowhere, given: "", shown: "", resolved: "", problem };
  }
  if (absolute !== undefined) return { ...nowhere, origin: target.origin, problem: undefined };
  if (page === undefined) return { ...nowhere, problem: undefined };
  const resolved = prefixFor(given, page) + given.trimStart();
  return { ...nowhere, resolved, origin: target.origin, problem: undefined };
}

const buckets: ReadonlyMap<string, (bucket: string) => string> = new Map([
  ["gs", (bucket) => `https://storage.googleapis.com/${bucket}`],
  ["s3", (bucket) => `https://${bucket}.s3.amazonaws.com`],
]);

/** The https address of what lies in a public bucket of Google's (`gs://`) or Amazon's (`s3://`); others as they are. */
export function withoutBucketScheme(address: string): string {
  const found = /^\s*(gs|s3):\/\/([\w.-]+)(\/.*)?$/is.exec(address);
  if (found === null) return address;
  const [, scheme = "", bucket = "", path = "/"] = found;
  return `${buckets.get(scheme.toLowerCase())?.(bucket)}${path}`;
}

/** An address with the slash that a folder ends in. A query that ends in `=` takes the path as its value as it is. */
export function asFolder(address: string): string {
  return /[/=]$/.test(address) ? address : `${address}/`;
}

/**
 * Whether a tile's URL leads to the server of the address that it was made from. What is put behind an address without
 * a slash at its end may make another host of it: `http://tiles.example` and `.org:81/x`.
 */
export function staysWith(address: MirrorAddress, tileUrl: string): boolean {
  // On a page, `http:tiles/` is relative and elsewhere it is not: the page's scheme must make no difference.
  return pages.every((page) => {
    const url = parseUrl(tileUrl, page);
    const origin = address.origin ?? parseUrl(address.resolved, page)?.origin;
    return url !== undefined && url.origin === origin && url.username === "" && url.password === "";
  });
}

/** What a server is asked for by a tile's URL: as a URL parser writes it, and without what stays behind. */
export function addressOf(tileUrl: string): string {
  const url = parseUrl(tileUrl, unknownPage);
  return url === undefined ? "" : url.href.slice(0, url.href.length - url.hash.length);
}

function prefixFor(relative: string, page: URL): string {
  const text = relative.trimStart();
  if (/^[/\\]{2}/.test(text)) return page.protocol;
  if (/^[/\\]/.test(text)) return page.origin;
  return page.origin + asFolder(page.pathname);
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
  if (url?.protocol !== "http:" && url?.protocol !== "https:") return undefined;
  // What is relative to it would inherit them.
  url.username = "";
  url.password = "";
  return url;
}

function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** Where a mirror is, as far as its address alone tells. */
export interface MirrorAddress {
  /** The address, without credentials. */
  readonly given: string;
  /** The address as messages may show it. Empty if credentials in it cannot be told from the rest. */
  readonly shown: string;
  /** The address with its host in front, if the host is known. The rest is unchanged. */
  readonly resolved: string;
  /** Origin that requests go to; `null` for a relative address whose page is not known. */
  readonly origin: string | null;
  /** User and password from the address, if it has them. */
  readonly credentials: readonly [user: string, password: string] | undefined;
  /** Why nothing can be fetched from there, as the end of a sentence; `undefined` if nothing is wrong. */
  readonly problem: string | undefined;
}

// Stands in for the page while a relative address is examined. The name is reserved, so no mirror has it.
const unknownPage = "http://page.invalid/";
const pages = [unknownPage, "https://page.invalid/"];

/**
 * Takes an address apart. It may be an `http(s)` URL, or relative to CATMAID's own (`/tiles/…`, `//host/tiles/…`), as
 * in stack infos for mirrors on the same server. The text is not normalised, because it goes into tile URLs unchanged.
 *
 * @param folderUrl - Absolute URL of the folder that relative addresses belong to, if known. Its slash may be missing.
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
    // The text may be user:password@host, without the scheme.
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

/** The https address of a public bucket of Google (`gs://`) or Amazon (`s3://`). Other addresses are not changed. */
export function withoutBucketScheme(address: string): string {
  const found = /^\s*(gs|s3):\/\/([\w.-]+)(\/.*)?$/is.exec(address);
  if (found === null) return address;
  const [, scheme = "", bucket = "", path = "/"] = found;
  return `${buckets.get(scheme.toLowerCase())?.(bucket)}${path}`;
}

/** Adds the slash that ends a folder's address, unless its query ends in `=`: then the path is its value. */
export function asFolder(address: string): string {
  return /[/=]$/.test(address) ? address : `${address}/`;
}

/**
 * Whether a tile's URL leads to the server of the address that it was made from. If the address lacks a slash at its
 * end, the text after it may change the host: `http://tiles.example` and `.org:81/x`.
 */
export function staysWith(address: MirrorAddress, tileUrl: string): boolean {
  // `http:tiles/` is relative on an http page and absolute on others. The page's scheme must make no difference.
  return pages.every((page) => {
    const url = parseUrl(tileUrl, page);
    const origin = address.origin ?? parseUrl(address.resolved, page)?.origin;
    return url !== undefined && url.origin === origin && url.username === "" && url.password === "";
  });
}

/** What a tile's URL asks a server for: the URL as a parser writes it, without the fragment, which is never sent. */
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
  // Relative URLs would inherit the credentials of the page.
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

import { InvalidOptionError } from "../errors.js";

/** Query parameters of a request; a list becomes `name[0]=…&name[1]=…`, as CATMAID reads it. */
export type ApiParams = Readonly<
  Record<string, string | number | boolean | readonly (string | number | boolean)[] | undefined>
>;

/** Checks the URL of a CATMAID. Returns it with a slash at its end, and the HTTP Basic credentials that it held. */
export function checkBaseUrl(baseUrl: unknown): { url: string; auth: readonly [string, string] | undefined } {
  const text =
    typeof baseUrl === "string" ? baseUrl.trim() : (baseUrl as Partial<URL> | null | undefined)?.href;
  // In a page, an empty text would resolve to the page's own address.
  const url = text ? parsed(text) : undefined;
  if (text === undefined || url === undefined) {
    // The text is not repeated: it may hold a password.
    throw new InvalidOptionError(
      'baseUrl must be the URL of a CATMAID, such as "https://example.org/catmaid/"',
    );
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    // Without //, the text before the colon may be a user: user:password@host.
    const scheme = text.toLowerCase().startsWith(`${url.protocol}//`)
      ? `, not ${url.protocol}`
      : ', such as "https://example.org/catmaid/"';
    throw new InvalidOptionError(`baseUrl must be an http or https URL${scheme}`);
  }
  const { username, password } = url;
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  const auth =
    username === "" && password === "" ? undefined : ([decode(username), decode(password)] as const);
  return { url: url.href, auth };
}

function parsed(url: string): URL | undefined {
  try {
    return new URL(url, globalThis.location?.href);
  } catch {
    return undefined;
  }
}

/** Decodes percent-encoding. A password with a bare per cent sign would throw, and is returned as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const plain: ReadonlySet<string> = new Set(["string", "number", "boolean", "undefined"]);

/** The URL of a path below a base URL. Throws an `InvalidOptionError` for a path that leads elsewhere. */
export function apiUrl(
  baseUrl: string,
  path: string | readonly (string | number)[],
  params: ApiParams = {},
): string {
  const relative =
    typeof path === "string"
      ? path.replace(/^\/+/, "")
      : path.map((part) => encodeURIComponent(part)).join("/");
  const absolute = /^[a-z][a-z0-9+.-]*:/i.test(relative);
  const url = absolute ? undefined : new URL(baseUrl + relative);
  if (url === undefined || !url.href.startsWith(baseUrl)) {
    throw new InvalidOptionError(
      `path must be relative to ${baseUrl}, got ${JSON.stringify(bare(relative))}`,
    );
  }
  for (const [name, value] of Object.entries(params)) {
    if (![value].flat().every((item) => plain.has(typeof item))) {
      throw new InvalidOptionError(
        `the params of a request are { name: text, number, boolean or list }; ${name} is none`,
      );
    }
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        url.searchParams.append(`${name}[${index}]`, String(item));
      });
    } else if (value !== undefined) url.searchParams.append(name, String(value));
  }
  return url.href;
}

/** What a message may repeat of an invalid path: a whole URL may hold a user, a password and a token. */
function bare(path: string): string {
  return path.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1").replace(/[?#].*$/s, "");
}

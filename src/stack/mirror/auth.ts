import { InvalidOptionError } from "../../errors.js";

/**
 * Credentials. `[user, password]` is HTTP Basic; `{ token }` is a CATMAID or Boss API token; a function returns the
 * headers to send and is asked before every request, so that it can refresh them.
 */
export type Auth =
  | readonly [user: string, password: string]
  | { readonly token: string }
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

/**
 * The header that carries a token: CATMAID itself wants `X-Authorization`, so that it can be combined with the
 * web server's HTTP Basic; image servers (Boss) want `Authorization`.
 */
export type TokenHeader = "X-Authorization" | "Authorization";

/** The request headers of some credentials; none for `undefined`. */
export async function authHeaders(
  auth: Auth | undefined,
  tokenHeader: TokenHeader,
): Promise<Record<string, string>> {
  if (auth === undefined) return {};
  if (typeof auth === "function") return checkedHeaders(await auth());
  if ("token" in auth) return checkedHeaders({ [tokenHeader]: `Token ${auth.token}` });
  const [user, password] = auth;
  return { Authorization: `Basic ${base64(`${user}:${password}`)}` };
}

/** Refuses what is not one of the forms of {@link Auth}, without showing it. */
export function checkAuth(value: unknown, name = "auth"): asserts value is Auth | undefined {
  if (value === undefined || typeof value === "function") return;
  if (Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "string")) return;
  if (typeof value === "object" && value !== null && typeof (value as { token?: unknown }).token === "string")
    return;
  throw new InvalidOptionError(
    `${name} must be [user, password], { token } or a function that returns headers`,
  );
}

function checkedHeaders(headers: unknown): Record<string, string> {
  if (typeof headers !== "object" || headers === null) {
    throw new InvalidOptionError("the auth function must return an object of headers");
  }
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    // A line break in a header value would start a header of the value's own. The platforms refuse it, and what is
    // beyond Latin-1, in messages that quote the value.
    const allowed =
      /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) &&
      typeof value === "string" &&
      /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
    if (!allowed) {
      throw new InvalidOptionError(
        `auth gave a header that HTTP does not allow (${JSON.stringify(name)}): its value must be text of one line, in Latin-1`,
      );
    }
    checked[name] = value;
  }
  return checked;
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

import { InvalidOptionError } from "../../errors.js";
import { checkHeaders } from "./request-headers.js";

/**
 * Credentials. `[user, password]` is HTTP Basic. `{ token }` is a CATMAID or Boss API token. A function returns the
 * headers to send; it is called before every request, so that it can refresh them.
 */
export type Auth =
  | readonly [user: string, password: string]
  | { readonly token: string }
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

/**
 * The header that carries a token. CATMAID itself wants `X-Authorization`, so that a token can be combined with the web
 * server's HTTP Basic. Image servers (Boss) want `Authorization`.
 */
export type TokenHeader = "X-Authorization" | "Authorization";

/** The request headers of some credentials; none for `undefined`. */
export async function authHeaders(
  auth: Auth | undefined,
  tokenHeader: TokenHeader,
): Promise<Record<string, string>> {
  if (auth === undefined) return {};
  if (typeof auth === "function") return checkHeaders(await auth(), "the auth function");
  if ("token" in auth) return checkHeaders({ [tokenHeader]: `Token ${auth.token}` }, "auth");
  const [user, password] = auth;
  return { Authorization: `Basic ${base64(`${user}:${password}`)}` };
}

/** Refuses anything that is not a form of {@link Auth}. The message does not show the value. */
export function checkAuth(value: unknown, name = "auth"): asserts value is Auth | undefined {
  if (value === undefined || typeof value === "function") return;
  if (Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "string")) return;
  if (typeof value === "object" && value !== null && typeof (value as { token?: unknown }).token === "string")
    return;
  throw new InvalidOptionError(
    `${name} must be [user, password], { token } or a function that returns headers`,
  );
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

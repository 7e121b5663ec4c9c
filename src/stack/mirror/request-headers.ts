import { InvalidOptionError } from "../../errors.js";

/** Headers of a request, by name. */
export type RequestHeaders = Readonly<Record<string, string>>;

// A connection sets these headers itself. Other values for them would break it.
const ofConnection =
  /^(?:connection|content-length|expect|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

/** Checks headers that are to be sent. Throws an `InvalidOptionError`, which shows no value: it may be a secret. */
export function checkHeaders(headers: unknown, giver: string): Record<string, string> {
  if (typeof headers !== "object" || headers === null) {
    throw new InvalidOptionError(`${giver} must be an object of headers`);
  }
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    // A line break in a value would start another header. The platforms refuse it, and characters beyond Latin-1, but
    // their messages quote the value.
    const allowed =
      /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) &&
      !ofConnection.test(name) &&
      typeof value === "string" &&
      /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
    if (!allowed) {
      throw new InvalidOptionError(
        `${giver} gave a header that cannot be sent (${JSON.stringify(name)}): those of the connection are its own, and a value must be text of one line, in Latin-1`,
      );
    }
    checked[name] = value;
  }
  return checked;
}

/** Merges headers. Those of `over` replace those of `under` with the same name in any case. */
export function joinedHeaders(under: RequestHeaders, over: RequestHeaders): RequestHeaders {
  const names = new Set(Object.keys(over).map((name) => name.toLowerCase()));
  const kept = Object.entries(under).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...over };
}

/** Names of headers that the platform does not let a program set. A browser drops them silently. */
export function withheldHeaders(headers: RequestHeaders): readonly string[] {
  const { headers: sent } = new Request("http://localhost/", { headers });
  return Object.keys(headers).filter((name) => !sent.has(name));
}

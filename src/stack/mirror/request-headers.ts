import { InvalidOptionError } from "../../errors.js";

/** Headers of a request, by name. */
export type RequestHeaders = Readonly<Record<string, string>>;

// A connection sets these itself: given otherwise, they would leave it in a state that nobody expects.
const ofConnection =
  /^(?:connection|content-length|expect|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

/** Headers that may be sent. Throws an `InvalidOptionError` for others, which shows no value: it may be a secret. */
export function checkHeaders(headers: unknown, giver: string): Record<string, string> {
  if (typeof headers !== "object" || headers === null) {
    throw new InvalidOptionError(`${giver} must be an object of headers`);
  }
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    // A line break in a header value would start a header of the value's own. The platforms refuse it, and what is
    // beyond Latin-1, in messages that quote the value.
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

/** Headers with others over them: names are the same in any case. */
export function joinedHeaders(under: RequestHeaders, over: RequestHeaders): RequestHeaders {
  const names = new Set(Object.keys(over).map((name) => name.toLowerCase()));
  const kept = Object.entries(under).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...over };
}

/** Names of headers that the platform does not let a program set: a browser leaves them out without a word. */
export function withheldHeaders(headers: RequestHeaders): readonly string[] {
  const { headers: sent } = new Request("http://localhost/", { headers });
  return Object.keys(headers).filter((name) => !sent.has(name));
}

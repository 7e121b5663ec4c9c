/** Matches names whose last word marks a secret, if it is a whole word: not `monkey`, `compass`, `config`. */
const secretWord = /(?:^|_)(?:key|sig|pass|auth|authorization|bearer|sas|hmac|session)$/;

/** Matches names that end in a mark of a secret, even without a separator: `authtoken`, `Auth-Token`, `authToken`. */
const secretEnding = new RegExp(
  `(?:${[
    "token",
    "secret",
    "signature",
    "passw(?:or)?d",
    "passphrase",
    "pwd",
    "(?:auth|user)pass",
    "credentials?",
    "jwt",
    "oauth",
    "sess(?:ion)?id",
    "(?:access|account|api|app|auth|client|private|sas|secret|session|shared|signing|subscription|user)key(?:id)?",
  ].join("|")})$`,
);

/** Matches whole names of secrets: OAuth's code, and the parameters that sign a URL of S3. */
const secretName = /^(?:(?:auth_?|authorization_?)?code|x_?amz.*)$/;

/**
 * A URL as messages may show it: without user and password, and without the values of query parameters that are named
 * like credentials. Everything else is unchanged, character for character.
 */
export function shownUrl(url: string): string {
  const withoutUser = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1");
  return withoutUser.replace(/([?&;])([^=&;#]+)=([^&;#]*)/g, (whole, mark: string, name: string) =>
    isSecret(name) ? `${mark}${name}=***` : whole,
  );
}

function isSecret(name: string): boolean {
  const words = wordsOf(name);
  return secretWord.test(words) || secretName.test(words) || secretEnding.test(words.replaceAll("_", ""));
}

/** Writes `accessToken`, `Access-Token` and `access%5Ftoken[0]` as `access_token`. */
function wordsOf(name: string): string {
  return decoded(name)
    .replace(/\[\w*\]$/, "")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .replace(/[-_.\s]+/g, "_")
    .toLowerCase();
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

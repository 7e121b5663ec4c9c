const secretName =
  /(?:^|[-_.])(?:token|key|apikey|secret|signature|sig|password|passwd|pwd|auth|credential|credentials|jwt)$/i;

/**
 * A URL as messages may show it: without user and password, and without the values of query parameters that are
 * named like credentials. Everything else stays as it is, character for character.
 */
export function shownUrl(url: string): string {
  const withoutUser = url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1");
  return withoutUser.replace(/([?&;])([^=&;#]+)=([^&;#]*)/g, (whole, mark: string, name: string) =>
    secretName.test(camelToSnake(name)) ? `${mark}${name}=***` : whole,
  );
}

function camelToSnake(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, "$1_$2");
}

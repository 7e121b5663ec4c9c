import { checkObject } from "../options/check-option.js";
import type { FromStackInfoOptions } from "../stack/stack-options.js";

/** Divides the options of a factory into those of the stack and those of the fetcher. */
export function divideOptions<O extends object>(
  options = {} as O & FromStackInfoOptions,
): [own: FromStackInfoOptions, rest: O] {
  checkObject(options, "catmaidUrl, timeoutMs, auth", "an image fetcher");
  const { catmaidUrl, settings, ...rest } = options;
  // Without the keys that `O` may not have, the rest is `O`.
  return [{ catmaidUrl, settings }, rest as unknown as O];
}

import { checkObject } from "../options/check-option.js";

/** Options of the factories that start from CATMAID's description of a stack. */
export interface FromStackInfoOptions {
  /** CATMAID's own URL; mirrors of types 3 and 13 ask it for their tiles. */
  readonly catmaidUrl?: string;
}

/** Divides the options of a factory into its own and those of the fetcher. */
export function divideOptions<O extends object>(
  options = {} as O & FromStackInfoOptions,
): [own: FromStackInfoOptions, rest: O] {
  checkObject(options, "catmaidUrl, timeoutMs, auth", "an image fetcher");
  const { catmaidUrl, ...rest } = options;
  // The rest of O without a key that O may not have is O.
  return [catmaidUrl === undefined ? {} : { catmaidUrl }, rest as unknown as O];
}

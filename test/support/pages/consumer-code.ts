import { testRegion, testStackInfo } from "../model/test-stack.js";

/** The result of a consumer's script. */
export interface ConsumerResult {
  readonly shape: readonly number[];
  readonly voxels: readonly number[];
  readonly warnings: readonly string[];
}

/**
 * The body of an async function, in JavaScript as a consumer would write it. It fetches the test region with a class
 * that is in scope under the given name, and returns a `ConsumerResult`.
 */
export function fetchTestRegion(fetcherClass: string, imageBase: string, options = ""): string {
  return `
    const warnings = [];
    const fetcher = ${fetcherClass}.fromStackInfo(${JSON.stringify(testStackInfo(imageBase))}, {
      onWarning: (message) => warnings.push(message),
      ${options}
    });
    const volume = await fetcher.get(${JSON.stringify(testRegion)});
    return { shape: volume.shape, voxels: Array.from(volume.data), warnings };
  `;
}

/** A page's script around such a body. Its result, or its error, becomes `window.result`. */
export function reportResult(body: string): string {
  return `(async () => {${body}})().then(
    (result) => { window.result = result; document.documentElement.dataset.done = "yes"; },
    (error) => { window.result = { error: String(error && error.stack || error) }; document.documentElement.dataset.done = "yes"; },
  );`;
}

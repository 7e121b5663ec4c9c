/**
 * What the calling thread runs in the pages of the single-file builds, in the place of `run-job.ts`, `fetch-file.ts` and
 * `fetch-transport.ts` (build/script-tag-plugin.ts). Nothing of it is evaluated in a page whose workers do it all.
 */

import { tileWorker } from "virtual:tile-worker-function";
import { decodersMissing } from "./decoders-missing.js";
import type * as script from "./entry.script.js";

let code: typeof script | undefined;
const loaded = (): typeof script => (code ??= tileWorker());

/** As in `run-job.ts`; what the kernels do not decode goes to the decoders in the file beside. */
export const runJob: typeof script.runJob = async (job, ...more) => {
  const { runJob: runWithKernels, HandedBack } = loaded();
  try {
    return await runWithKernels(job, ...more);
  } catch (cause) {
    if (!(cause instanceof HandedBack)) throw cause;
    const { runJob: runWithAll } = await loadDecoders();
    return runWithAll({ ...job, headers: {}, body: cause.body }, ...more);
  }
};

async function loadDecoders(): Promise<Pick<typeof script, "runJob">> {
  try {
    return await import("virtual:all-decoders");
  } catch (cause) {
    throw decodersMissing(cause);
  }
}

/** As in `fetch-file.ts`. */
export const fetchFile: typeof script.fetchFile = (...args) => loaded().fetchFile(...args);

/** As in `fetch-transport.ts`. */
export const createFetchTransport: typeof script.createFetchTransport = (...args) =>
  loaded().createFetchTransport(...args);

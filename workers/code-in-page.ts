/**
 * The code that the calling thread runs in pages of the single-file builds, instead of `run-job.ts`, `fetch-file.ts`
 * and `fetch-transport.ts` (build/script-tag-plugin.ts). A page whose workers do all the work evaluates none of it.
 */

import { tileWorker } from "virtual:tile-worker-function";
import { decodersMissing } from "./decoders-missing.js";
import type * as script from "./entry.script.js";

let code: typeof script | undefined;
const loaded = (): typeof script => (code ??= tileWorker());

/** As in `run-job.ts`. Files that the kernels cannot decode go to the decoders in the separate file. */
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

import { TileCache } from "../cache/tile-cache.js";
import { duration, refuseUnknown } from "../options/check-option.js";
import { createInProcessPool } from "../pool/in-process-pool.js";
import { BlockScheduler } from "../schedule/block-scheduler.js";
import { defaultRetry } from "../schedule/retry.js";
import { MirrorAccess } from "../source/mirror-access.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { Stack } from "../stack/stack.js";
import type { ProbeOptions } from "./probe-mirrors.js";

/**
 * Finds the mirror of a stack that serves its canary tile fastest. Uses the mirrors' own credentials.
 *
 * @param options - As for `ImageFetcher.setFastestMirror`; and `timeoutMs`, in ms per request, default 10 000.
 * @throws NoMirrorError if no mirror serves its canary tile; the message says why each failed.
 */
export async function getFastestMirror(
  stack: Stack,
  options: ProbeOptions & { readonly timeoutMs?: number } = {},
): Promise<StackMirror> {
  const { fastestOf, probeMirrors, probeOptionNames } = await import("./probe-mirrors.js");
  refuseUnknown(options, new Set([...probeOptionNames, "timeoutMs"]), "getFastestMirror");
  const { timeoutMs = 10_000, ...probeOptions } = options;
  duration("timeoutMs", timeoutMs);
  const pool = createInProcessPool();
  try {
    const limits = { maxRequests: stack.mirrors.length + 1, retry: { ...defaultRetry, attempts: 1 } };
    const scheduler = new BlockScheduler({ pool, cache: new TileCache({ maxBytes: 0 }), ...limits });
    const access = new MirrorAccess({
      stack,
      // With this type, tiles of 8 and of 16 bits will do.
      dataType: "uint16",
      channel: undefined,
      timeoutMs,
      missingStatuses: [404, 410],
      scheduler,
      onWarning: () => {},
      credentialsOf: ({ auth }) => ({ auth }),
    });
    const probes = await probeMirrors(stack, { pool, access, scheduler }, probeOptions);
    return fastestOf(probes, options.normaliseByTileSize ?? true);
  } finally {
    await pool.close();
  }
}

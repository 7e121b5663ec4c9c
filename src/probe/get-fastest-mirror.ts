import { duration, refuseUnknown } from "../options/check-option.js";
import { createInProcessPool } from "../pool/in-process-pool.js";
import { tileAccess } from "../source/tiles/tile-access.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { Stack } from "../stack/stack.js";
import type { ProbeOptions } from "./probe-mirrors.js";
import { fastestOf, probeMirrors, probeOptionNames } from "./probe-mirrors.js";

/**
 * The mirror of a stack that serves its canary tile fastest, asked with the mirrors' own credentials.
 *
 * @param options - As for `ImageFetcher.setFastestMirror`, and `timeoutMs` per request, default 10 000.
 * @throws NoMirrorError, which says why each failed, if none does.
 */
export async function getFastestMirror(
  stack: Stack,
  options: ProbeOptions & { readonly timeoutMs?: number } = {},
): Promise<StackMirror> {
  refuseUnknown(options, new Set([...probeOptionNames, "timeoutMs"]), "getFastestMirror");
  const { timeoutMs = 10_000, ...probeOptions } = options;
  duration("timeoutMs", timeoutMs);
  const pool = createInProcessPool();
  try {
    // Tiles of any kind will do.
    const asking = { dataType: "uint16", channel: "grey", timeoutMs, missingStatuses: [404, 410] } as const;
    const access = tileAccess(stack, asking, ({ auth }) => ({ auth }));
    const probes = await probeMirrors(stack, { pool, ...access }, probeOptions);
    return fastestOf(probes, options.normaliseByTileSize ?? true);
  } finally {
    await pool.close();
  }
}

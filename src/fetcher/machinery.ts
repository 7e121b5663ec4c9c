import type { TileCache } from "../cache/tile-cache.js";
import type { ResolvedOptions } from "../options/image-fetcher-options.js";
import type { BlockPool } from "../pool/block-pool.js";
import { createCallerFetchPool } from "../pool/caller-fetch-pool.js";
import { type PackBytes, packBytesIn } from "../pool/pack-bytes.js";
import { BlockScheduler } from "../schedule/block-scheduler.js";
import { MirrorAccess } from "../source/mirror-access.js";
import type { Stack } from "../stack/stack.js";
import type { MirrorChoice } from "./mirror-choice.js";

/** What a fetcher works with from its first fetch on. */
export interface Machinery {
  /** Where blocks are fetched and decoded. */
  readonly pool: BlockPool;
  readonly scheduler: BlockScheduler;
  readonly access: MirrorAccess;
  readonly packBytes: PackBytes;
}

/** Puts it together. */
export function createMachinery(
  stack: Stack,
  options: ResolvedOptions,
  mirrors: MirrorChoice,
  cache: TileCache,
  workers: BlockPool,
  onWarning: (message: string) => void,
): Machinery {
  const { fetch, maxRequests, maxRequestsPerSecond, retry } = options;
  const pool = fetch === undefined ? workers : createCallerFetchPool(workers, fetch);
  const scheduler = new BlockScheduler({ pool, cache, maxRequests, maxRequestsPerSecond, retry });
  const { dataType, channel, timeoutMs, missingStatuses, isMissing } = options;
  const access = new MirrorAccess({
    stack,
    dataType,
    channel,
    timeoutMs,
    missingStatuses,
    isMissing,
    scheduler,
    onWarning,
    credentialsOf: (mirror) => ({ auth: mirrors.authOf(mirror), headers: mirrors.headersOf(mirror) }),
  });
  return { pool, scheduler, access, packBytes: packBytesIn(pool) };
}

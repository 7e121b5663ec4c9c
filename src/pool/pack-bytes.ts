import type { Packing } from "../../workers/protocol.js";
import { WorkerError } from "../errors.js";
import type { Bytes } from "../space/bytes.js";
import type { BlockPool } from "./block-pool.js";

/** Packs (compresses) bytes where the pool decodes. */
export type PackBytes = (bytes: Bytes, packing: Packing, signal: AbortSignal) => Promise<Bytes>;

/** Packs in a pool, by a job that has its body already. Rejects with a `WorkerError` if the pool cannot. */
export function packBytesIn(pool: BlockPool): PackBytes {
  return async (bytes, packing, signal) => {
    const job = {
      url: "",
      headers: {},
      codec: { kind: "pack", packing },
      shape: [1, 1, bytes.length],
      timeoutMs: 0,
      missingStatuses: [],
      maxBodyBytes: bytes.length,
      body: bytes,
    } as const;
    const result = await pool.run(job, signal);
    if (result.kind === "block") return result.data as Bytes;
    throw new WorkerError(result.kind === "error" ? result.error.message : result.kind);
  };
}

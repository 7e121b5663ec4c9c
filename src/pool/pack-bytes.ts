import type { Bytes } from "../space/bytes.js";
import type { BlockPool } from "./block-pool.js";

/** Packs bytes as gzip or zlib does, where the pool decodes. */
export type PackBytes = (
  bytes: Bytes,
  format: "gzip" | "zlib",
  level: number,
  signal: AbortSignal,
) => Promise<Bytes>;

/** Lets a pool pack: a job like all others, whose file is there already. */
export function packBytesIn(pool: BlockPool): PackBytes {
  return async (bytes, format, level, signal) => {
    const job = {
      url: "",
      headers: {},
      codec: { kind: "pack", format, level },
      shape: [1, 1, bytes.length],
      timeoutMs: 0,
      missingStatuses: [],
      maxBodyBytes: bytes.length,
      body: bytes,
    } as const;
    const result = await pool.run(job, signal);
    if (result.kind !== "block") throw new Error("bytes that are there cannot be missing or damaged");
    return result.data as Bytes;
  };
}

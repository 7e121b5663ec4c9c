import type { BlockJob, BlockResult, TileWorkerApi, WorkerAnswer } from "../../workers/protocol.js";

/**
 * A tile worker that does what the last part of a job's URL says: `crash`, `hang`, `nonsense`, `throw`, `hand-back`; anything
 * else is a tile of one pixel, whose value is that part as a number.
 */
export function createFaultyService(crash: () => void): TileWorkerApi {
  return {
    ready: async () => true,
    cancel() {},
    async run(_id: number, job: BlockJob): Promise<WorkerAnswer> {
      const word = new URL(job.url).pathname.split("/").at(-1) ?? "";
      if (word === "crash") crash();
      if (word === "crash" || word === "wait") return new Promise(() => {});
      if (word === "hang") for (;;);
      if (word === "throw") throw new Error("thrown by the worker");
      if (word === "hand-back") return { kind: "handed-back", body: new Uint8Array(1) };
      if (word === "nonsense")
        return { kind: "tile", data: new Uint8Array(3), width: 2, height: 2 } as BlockResult;
      return {
        kind: "tile",
        data: new Uint8Array([Number(word)]),
        width: 1,
        height: 1,
        bodyBytes: 1,
        decoder: "png-ts",
      };
    },
  };
}

import type { BlockJob, BlockResult, WorkerAnswer, WorkerApi } from "../../../workers/protocol.js";

/**
 * A tile worker that follows the last part of a job's URL: `crash`, `hang`, `nonsense`, `throw`, `hand-back`. For any
 * other text, it returns a block of one voxel with that number as its value.
 */
export function createFaultyService(crash: () => void): WorkerApi {
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
      if (word === "nonsense") return { ...voxel(0), data: new Uint8Array(3), shape: [1, 2, 2] };
      return voxel(Number(word));
    },
  };
}

function voxel(value: number): BlockResult & { readonly kind: "block" } {
  return {
    kind: "block",
    data: new Uint8Array([value]),
    shape: [1, 1, 1],
    bodyBytes: 1,
    decoder: "png-ts",
  };
}

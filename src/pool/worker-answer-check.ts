import type { TileJob, TileWorkerAnswer } from "../../workers/protocol.js";

/** Whether what a worker sent is an answer to the job. A worker of a caller's own may be of another version. */
export function isTileWorkerAnswer(value: unknown, job: TileJob): value is TileWorkerAnswer {
  if (typeof value !== "object" || value === null) return false;
  const result = value as Partial<Record<string, unknown>>;
  switch (result["kind"]) {
    case "tile": {
      const { data, width, height } = result;
      return (
        data instanceof Uint8Array &&
        isSize(width, job.tileWidth) &&
        isSize(height, job.tileHeight) &&
        data.length === width * height
      );
    }
    case "missing":
      return typeof result["status"] === "number";
    case "error": {
      const error = result["error"];
      if (typeof error !== "object" || error === null) return false;
      const { reason, message } = error as { reason?: unknown; message?: unknown };
      return typeof reason === "string" && typeof message === "string";
    }
    case "handed-back":
      return result["body"] instanceof Uint8Array;
    default:
      return false;
  }
}

function isSize(value: unknown, limit: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value <= limit;
}

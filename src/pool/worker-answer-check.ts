import type { BlockJob, WorkerAnswer } from "../../workers/protocol.js";
import { shownUrl } from "../../workers/transport/shown-url.js";
import type { TileErrorReason } from "../errors.js";
import type { Triple } from "../space/axis-order.js";
import type { DataType, Voxels } from "../space/data-type.js";
import { dataTypeOf } from "../space/data-type.js";

// A record, so that the compiler reports a reason that is missing here.
const reasons: Readonly<Record<TileErrorReason, true>> = {
  network: true,
  timeout: true,
  http: true,
  redirect: true,
  "too-large": true,
  "wrong-range": true,
  "not-an-image": true,
  "unsupported-image": true,
  "corrupt-image": true,
  "wrong-size": true,
  worker: true,
  missing: true,
};

/** Whether a worker's message is an answer to the job. A caller's own worker may be of another version. */
export function isWorkerAnswer(value: unknown, job: BlockJob): value is WorkerAnswer {
  if (typeof value !== "object" || value === null) return false;
  const result = value as Partial<Record<string, unknown>>;
  switch (result["kind"]) {
    case "block": {
      const { data, shape, bodyBytes, decoder, body } = result;
      return (
        isShape(shape, job) &&
        dataTypeOf(data) === dataTypeOfJob(job) &&
        (data as Voxels).length === shape[0] * shape[1] * shape[2] &&
        isAmount(bodyBytes) &&
        typeof decoder === "string" &&
        isBody(body)
      );
    }
    case "missing":
      return isAmount(result["status"]) && isAmount(result["bodyBytes"]);
    case "error":
      return isErrorRecord(result["error"]) && isBody(result["body"]);
    case "handed-back":
      return isBytes(result["body"]);
    default:
      return false;
  }
}

function isErrorRecord(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { reason, message, url, status, retryAfterMs } = value as Partial<Record<string, unknown>>;
  return (
    typeof reason === "string" &&
    Object.hasOwn(reasons, reason) &&
    typeof message === "string" &&
    typeof url === "string" &&
    url === shownUrl(url) &&
    isAmount(status) &&
    // A server may ask for a wait too long for a finite number.
    (retryAfterMs === undefined || retryAfterMs === Number.POSITIVE_INFINITY || isAmount(retryAfterMs))
  );
}

function isAmount(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isBody(value: unknown): boolean {
  return value === undefined || isBytes(value);
}

/** Checks the tag, since the array may come from another realm than this code runs in (a test runner's context). */
function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === "[object Uint8Array]";
}

/** Checks the extents of a block. The length of plain bytes is not known beforehand, and is 0 for an empty file. */
function isShape(shape: unknown, { codec, shape: most }: BlockJob): shape is Triple {
  if (!Array.isArray(shape) || shape.length !== 3) return false;
  const [least, limit] =
    codec.kind === "bytes" || codec.kind === "pack" ? [0, [1, 1, Number.MAX_SAFE_INTEGER]] : [1, most];
  return shape.every(
    (extent, axis) => Number.isInteger(extent) && extent >= least && extent <= (limit[axis] ?? 0),
  );
}

function dataTypeOfJob({ codec }: BlockJob): DataType {
  return codec.kind === "bytes" || codec.kind === "pack" ? "uint8" : codec.dataType;
}

import { pack } from "#pack";
import { DecodeFailure, type TileErrorRecord, thrownError } from "../src/errors.js";
import { whileBusy } from "./busy-time.js";
import { decodeBlock, prepareDecoding } from "./decode/decode-block.js";
import { HandedBack } from "./handed-back.js";
import type { BlockJob, BlockResult, Packing } from "./protocol.js";
import { type FetchOutcome, fetchFile } from "./transport/fetch-file.js";
import { nounOf } from "./transport/job-noun.js";
import { shownUrl } from "./transport/shown-url.js";

/**
 * Does one job, in a worker or in the calling thread: fetches, checks, decodes. Faults of the server or of its bytes
 * are results. An exception means a fault of this library, or is a `HandedBack` in a worker without the decoder. After
 * an abort the result is meaningless.
 *
 * @param controller - The job's own. It aborts with the job's caller.
 * @param turn - Given where the thread is shared, such as a page: decoding then waits for its turn.
 */
export async function runJob(
  job: BlockJob,
  controller: AbortController,
  turn?: { readonly over: boolean; pass(): Promise<void> },
): Promise<BlockResult> {
  if (job.codec.kind === "pack") return packed(job.body ?? new Uint8Array(0), job.codec.packing);
  const prepared = prepareDecoding(job.codec);
  const fetched = job.body === undefined ? await fetchFile(job, controller) : given(job.body, job);
  await prepared;
  if (fetched.kind !== "body") return fetched;
  while (turn?.over) await turn.pass();
  const { body, contentType } = fetched;
  const result =
    body.length === 0 && job.codec.kind !== "bytes"
      ? unusable(job, "not-an-image", "has an empty body")
      : whileBusy(() => decoded(body, contentType, job));
  // A copy, because the memory behind the body may be larger, and is reused. `slice` makes no copy of a Node buffer.
  const answer = job.returnsBody ? { ...result, body: new Uint8Array(body) } : result;
  fetched.release?.();
  return answer;
}

async function packed(bytes: Uint8Array, packing: Packing): Promise<BlockResult> {
  try {
    const data = await pack(bytes, packing);
    return {
      kind: "block",
      data,
      shape: [1, 1, data.length],
      bodyBytes: bytes.length,
      decoder: packing.kind,
    };
  } catch (cause) {
    const message = `a file could not be packed: ${thrownError(cause).message}`;
    return { kind: "error", error: { reason: "worker", message, url: "", status: 0 } };
  }
}

function decoded(
  body: Uint8Array,
  contentType: string | undefined,
  job: BlockJob,
): Exclude<BlockResult, { readonly kind: "missing" }> {
  const bodyBytes = body.length;
  try {
    return { kind: "block", ...decodeBlock(body, job), bodyBytes };
  } catch (cause) {
    // The whole file is handed back, even if only a part of it was being decoded.
    if (cause instanceof HandedBack) throw new HandedBack(body);
    if (!(cause instanceof DecodeFailure)) {
      return unusable(job, "corrupt-image", `broke the decoder: ${thrownError(cause).message}`);
    }
    const served =
      cause.reason === "not-an-image" && contentType !== undefined ? `, served as ${contentType}` : "";
    return unusable(job, cause.reason, `cannot be used: ${cause.message}${served}`);
  }
}

function given(body: Uint8Array, job: BlockJob): FetchOutcome {
  if (body.length <= job.maxBodyBytes) return { kind: "body", body, contentType: undefined };
  return unusable(job, "too-large", `has a body of more than the ${job.maxBodyBytes} bytes that it may have`);
}

function unusable(
  job: BlockJob,
  reason: TileErrorRecord["reason"],
  what: string,
): { readonly kind: "error"; readonly error: TileErrorRecord } {
  const url = shownUrl(job.url);
  const status = job.body === undefined ? 200 : 0;
  return { kind: "error", error: { reason, message: `${nounOf(job.codec)} ${url} ${what}`, url, status } };
}

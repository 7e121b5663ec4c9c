import type { BlockJob, BlockResult } from "../../workers/protocol.js";
import { withAnySignal } from "../concurrency/linked-signal.js";
import { untilAborted } from "../concurrency/until-aborted.js";
import { InvalidOptionError, isCatmaidImageError, isTileError, NoMirrorError } from "../errors.js";
import { checkSignal, refuseUnknown, wholeNumber } from "../options/check-option.js";
import type { BlockPool } from "../pool/block-pool.js";
import type { BlockRequest, BlockScheduler } from "../schedule/block-scheduler.js";
import { blockAt, firstVoxelOf } from "../source/block-at.js";
import type { BlockSource } from "../source/block-source.js";
import type { SourceAccess } from "../source/mirror-access.js";
import type { Triple } from "../space/axis-order.js";
import type { BlockIndex } from "../space/block.js";
import { nameOf } from "../stack/mirror/mirror-name.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { Stack } from "../stack/stack.js";

/** How mirrors are compared. */
export interface ProbeOptions {
  /** How often each mirror is asked for its canary tile. Default: 1. */
  readonly reps?: number;
  /** Whether times are compared per pixel of the tile. Default: true. */
  readonly normaliseByTileSize?: boolean;
  /** Aborts the probe: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What a probe of one mirror found. */
export type MirrorProbe =
  | {
      /** The mirror. */
      readonly mirror: StackMirror;
      /** Whether its canary tile arrived, was decoded, has the right size and is not missing by `isMissing`. */
      readonly ok: true;
      /** Mean time of a request, decoding included, in ms. */
      readonly timeMs: number;
      /** `timeMs` per pixel of the tile, in ns, to compare mirrors of different tile sizes. */
      readonly nsPerPixel: number;
      /** URL of the canary tile. */
      readonly url: string | undefined;
    }
  | {
      /** The mirror. */
      readonly mirror: StackMirror;
      /** Whether its canary tile arrived, was decoded, has the right size and is not missing by `isMissing`. */
      readonly ok: false;
      /** Why not, as a literal; `"unsupported"` and `"not-held"` if the mirror was not even asked. */
      readonly reason: string;
      /** Why not, as a sentence without credentials. */
      readonly message: string;
      /** HTTP status; 0 where there was no answer. */
      readonly status: number;
      /** URL of the canary tile, if there is one. */
      readonly url: string | undefined;
    };

/** What a probe works with. */
export interface ProbeContext {
  /** Where blocks are fetched and decoded. */
  readonly pool: BlockPool;
  readonly access: SourceAccess;
  /** Its pace holds for probes too. */
  readonly scheduler: Pick<BlockScheduler, "pace">;
  /** Ends the probe as well as the caller's own signal does. */
  readonly closing?: AbortSignal;
}

/** Names of {@link ProbeOptions}. */
export const probeOptionNames: ReadonlySet<string> = new Set(["reps", "normaliseByTileSize", "signal"]);

/** Requests the canary tiles of all mirrors of a stack at once. Results are in the order of the mirrors. */
export async function probeMirrors(
  stack: Stack,
  context: ProbeContext,
  options: ProbeOptions = {},
): Promise<MirrorProbe[]> {
  refuseUnknown(options, probeOptionNames, "a probe of mirrors");
  const { reps = 1, normaliseByTileSize = true, signal } = options;
  wholeNumber("reps", reps, 1, 1000);
  if (typeof normaliseByTileSize !== "boolean") {
    throw new InvalidOptionError("normaliseByTileSize must be true or false");
  }
  checkSignal(signal);
  return withAnySignal([signal, context.closing], (either) => {
    const probes = stack.mirrors.map((mirror) => probe(stack, mirror, context, reps, either));
    // Credentials may never come.
    return untilAborted(Promise.all(probes), either);
  });
}

/** The mirror of the shortest time. Throws a `NoMirrorError` that says why each failed, if all did. */
export function fastestOf(probes: readonly MirrorProbe[], normaliseByTileSize: boolean): StackMirror {
  let best: (MirrorProbe & { ok: true }) | undefined;
  for (const probe of probes) {
    if (!probe.ok) continue;
    const cost = (p: MirrorProbe & { ok: true }): number => (normaliseByTileSize ? p.nsPerPixel : p.timeMs);
    if (best === undefined || cost(probe) < cost(best)) best = probe;
  }
  if (best !== undefined) return best.mirror;
  const reasons = probes.map((probe) => `${nameOf(probe.mirror)}: ${probe.ok ? "" : probe.message}`);
  throw new NoMirrorError(
    reasons.length === 0
      ? "the stack has no mirrors"
      : `no mirror could serve its canary tile (${reasons.join("; ")})`,
  );
}

async function probe(
  stack: Stack,
  mirror: StackMirror,
  context: ProbeContext,
  reps: number,
  signal: AbortSignal,
): Promise<MirrorProbe> {
  if (mirror.unsupportedReason !== null) {
    const message = `it ${mirror.unsupportedReason}`;
    return { mirror, ok: false, reason: "unsupported", message, status: 0, url: undefined };
  }
  const canary = stack.canaryLocation;
  if (!mirror.holds(canary)) {
    const message = `it does not hold the canary location (${canary.x}, ${canary.y}, ${canary.z})`;
    return { mirror, ok: false, reason: "not-held", message, status: 0, url: undefined };
  }
  let url: string | undefined;
  try {
    const source = await context.access.open(mirror, signal);
    const level = source.level(0);
    const block = blockAt(level, 0, canary);
    const requests = await context.access.requests(source, () => false);
    const request = requests.request(block);
    url = requests.url(block);
    let totalMs = 0;
    for (let rep = 0; rep < reps; rep++) {
      await context.scheduler.pace(request.origin, signal);
      const start = performance.now();
      const job = await jobOf(request, signal);
      const result = job === undefined ? noBlock : await context.pool.run(job, signal, 1);
      totalMs += performance.now() - start;
      const fault = isDeclaredMissing(result, request)
        ? declaredMissing
        : faultOf(result, block, source, stack);
      if (fault !== undefined) return { mirror, ok: false, ...fault, url };
    }
    const timeMs = totalMs / reps;
    const [depth, height, width] = level.blockShape;
    return { mirror, ok: true, timeMs, nsPerPixel: (timeMs * 1e6) / (depth * height * width), url };
  } catch (error) {
    if (signal.aborted || !isCatmaidImageError(error) || error.code === "closed") throw error;
    const status = isTileError(error) ? error.status : 0;
    return { mirror, ok: false, reason: error.code, message: error.message, status, url };
  }
}

const noBlock: BlockResult = { kind: "missing", status: 0, bodyBytes: 0 };

async function jobOf(request: BlockRequest, signal: AbortSignal): Promise<BlockJob | undefined> {
  try {
    return await request.makeJob(signal);
  } catch (cause) {
    // If the credentials of one mirror cannot be had, the others must be probed all the same.
    throw isCatmaidImageError(cause) ? cause : new InvalidOptionError("its auth function failed", { cause });
  }
}

const declaredMissing = {
  reason: "missing",
  message: "the canary tile came, and isMissing declares it missing",
  status: 200,
} as const;

/** Whether `isMissing` declares the tile missing. As in a fetch, the file need not be a usable image. */
function isDeclaredMissing(result: BlockResult, request: BlockRequest): boolean {
  if (result.kind === "missing" || result.body === undefined) return false;
  return request.isMissing?.(result.body) ?? false;
}

function faultOf(
  result: BlockResult,
  block: BlockIndex,
  source: BlockSource,
  stack: Stack,
): { reason: string; message: string; status: number } | undefined {
  if (result.kind === "error") return result.error;
  const level = source.level(0);
  if (result.kind === "missing") {
    if (level.absent === "empty") return undefined;
    const { status } = result;
    return { reason: "missing", message: `the canary tile does not exist (HTTP ${status})`, status };
  }
  // A server may crop blocks at the end of the stack, or of its own array, but no others.
  const first = firstVoxelOf(level, block);
  const { x, y, z } = stack.dimension;
  const end: Triple = [z, y, x];
  const allowed = (axis: 0 | 1 | 2): readonly number[] => [
    level.blockShape[axis],
    end[axis] - first[axis],
    level.held.upper[axis] - first[axis],
    source.shapeOf?.(block)[axis] ?? 0,
  ];
  if (([0, 1, 2] as const).every((axis) => allowed(axis).includes(result.shape[axis]))) return undefined;
  const message = `the canary ${source.tile === undefined ? "block" : "tile"} is ${sizeText(result.shape)}, the mirror declares ${sizeText(level.blockShape)}`;
  return { reason: "wrong-size", message, status: 200 };
}

function sizeText([depth, height, width]: Triple): string {
  return depth === 1 ? `${width} × ${height} pixels` : `${width} × ${height} × ${depth} voxels`;
}

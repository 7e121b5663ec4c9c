import type { BlockSource, Question } from "../../../src/source/block-source.js";
import { openPrecomputed } from "../../../src/source/precomputed/open-precomputed.js";
import type { StackMirrorOptions } from "../../../src/stack/mirror/stack-mirror.js";
import { Stack, type StackOptions } from "../../../src/stack/stack.js";
import { blockMirror, FakeServer } from "../blocks/block-mirror.js";

/** The URL of all test volumes. */
export const volumeUrl = "http://volumes.example/data/vol";

/** What a server has at a path below {@link volumeUrl}: bytes, text, or a JSON object. */
export type VolumeFiles = (path: string) => Uint8Array | string | object | undefined;

/** The parts of a volume, a stack and a mirror that a test changes. */
export interface VolumeOptions {
  /** The part of the address after the URL of the volume. Default: `/%SCALE_DATASET%/0_1_2`. */
  readonly address?: string;
  readonly stack?: Partial<StackOptions>;
  readonly mirror?: Partial<StackMirrorOptions>;
  readonly channel?: number;
}

/** The scale of the smallest volume. */
export const plainScale = {
  key: "4_4_40",
  size: [45, 29, 19],
  resolution: [4, 4, 40],
  voxel_offset: [0, 0, 0],
  chunk_sizes: [[30, 16, 10]],
  encoding: "raw",
} as const;

/** The smallest `info`. */
export const plainInfo = {
  "@type": "neuroglancer_multiscale_volume",
  type: "image",
  data_type: "uint8",
  num_channels: 1,
  scales: [plainScale],
} as const;

/** An `info` with one scale that differs from the plain one. */
export function infoWith(scale: object, volume: object = {}): object {
  return { ...plainInfo, ...volume, scales: [{ ...plainScale, ...scale }] };
}

/** Opens a volume on a server with these files, and records the requests. */
export async function openVolume(
  files: VolumeFiles,
  { address = "/%SCALE_DATASET%/0_1_2", stack, mirror, channel }: VolumeOptions = {},
): Promise<{ readonly source: BlockSource; readonly asked: Question[] }> {
  const { ask, questions: asked } = volumeServer(files);
  const source = await openPrecomputed(
    new Stack({ dimension: { x: 45, y: 29, z: 19 }, maxZoomLevel: 0, ...stack }),
    blockMirror(14, volumeUrl + address, mirror),
    { channel },
    ask,
    new AbortController().signal,
  );
  return { source, asked };
}

/** Opens a volume that has only an `info`. */
export async function openInfo(info: object | string, options?: VolumeOptions): Promise<BlockSource> {
  return (await openVolume((path) => (path === "info" ? info : undefined), options)).source;
}

/** A server of a volume with these files. */
export function volumeServer(files: VolumeFiles): FakeServer {
  return new FakeServer((url) =>
    files(decodeURIComponent(new URL(url).href.slice(volumeUrl.length + 1).replace(/\?.*/, ""))),
  );
}

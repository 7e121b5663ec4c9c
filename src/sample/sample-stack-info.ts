import type { SampleMirror, SampleStack } from "./sample-stack.js";

const orientations = { xy: 0, xz: 1, zy: 2 } as const;

/** File name extension of a mirror's tiles. */
export function sampleExtension(mirror: SampleMirror): "png" | "jpg" {
  return mirror.format === "jpeg" ? "jpg" : "png";
}

/** The stack as CATMAID's `/{pid}/stack/{sid}/info` describes it. `tileUrl` ends in a slash. */
export function sampleStackInfo(
  stack: SampleStack,
  project: { readonly id: number; readonly title: string },
  tileUrl: string,
): Record<string, unknown> {
  const factors = stack.downsampleFactors;
  return {
    attribution: null,
    broken_slices: Object.fromEntries(stack.brokenSlices.map((section) => [section, 1])),
    canary_location: sampleCanary(stack),
    comment: null,
    description: "A procedurally drawn tissue; no animal has it.",
    dimension: stack.dimension,
    downsample_factors: factors,
    metadata: null,
    mirrors: sampleMirrorInfos(stack, tileUrl),
    num_zoom_levels: factors === null ? -1 : factors.length - 1,
    orientation: orientations[stack.plane],
    pid: project.id,
    placeholder_color: { r: 0, g: 0, b: 0, a: 1 },
    ptitle: project.title,
    resolution: stack.resolution,
    sid: stack.id,
    stitle: stack.title,
    translation: stack.translation,
  };
}

/** The stack's mirrors as CATMAID describes them. */
export function sampleMirrorInfos(stack: SampleStack, tileUrl: string): Record<string, unknown>[] {
  return stack.mirrors.map((mirror, position) => ({
    file_extension: sampleExtension(mirror),
    id: stack.id * 100 + position,
    image_base: imageBase(stack, mirror, tileUrl),
    position,
    tile_height: mirror.tileHeight,
    tile_source_type: mirror.type,
    tile_width: mirror.tileWidth,
    title: mirror.title,
  }));
}

function sampleCanary({ dimension, brokenSlices }: SampleStack): { x: number; y: number; z: number } {
  let z = Math.floor(dimension.z / 2);
  while (brokenSlices.includes(z)) z++;
  return { x: Math.floor(dimension.x / 2), y: Math.floor(dimension.y / 2), z };
}

function imageBase(stack: SampleStack, mirror: SampleMirror, tileUrl: string): string {
  const base = `${tileUrl}${stack.id}/${mirror.key}/`;
  if (mirror.type === 3) return mirror.key;
  if (mirror.type !== 10) return base;
  const size = `${mirror.tileWidth}_${mirror.tileHeight}_1`;
  return `${base}%SCALE_DATASET%/${size}/0_1/%AXIS_0%_%AXIS_1%_%AXIS_2%`;
}

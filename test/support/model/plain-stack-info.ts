import type { StackInfo } from "../../../src/stack/stack-info.js";

/** A mirror as CATMAID sends it, with nothing unusual. */
export const plainMirror = {
  id: 1,
  title: "m",
  image_base: "http://127.0.0.1/",
  file_extension: "png",
  tile_width: 512,
  tile_height: 512,
  tile_source_type: 1,
  position: 0,
};

/** A stack info as CATMAID sends it, with nothing unusual but an XZ orientation. */
export const plainInfo: StackInfo = {
  sid: 42,
  pid: 7,
  stitle: "S",
  ptitle: "P",
  dimension: { x: 2048, y: 1536, z: 460 },
  resolution: { x: 4, y: 4, z: 40 },
  translation: { x: 1, y: 2, z: 3 },
  orientation: 1,
  downsample_factors: [
    { x: 1, y: 1, z: 1 },
    { x: 2, y: 2, z: 1 },
  ],
  num_zoom_levels: 1,
  broken_slices: { "5": 1, "7": 1 },
  mirrors: [plainMirror],
  canary_location: { x: 10, y: 20, z: 30 },
  metadata: null,
};

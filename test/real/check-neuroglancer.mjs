/**
 * Opens the sample's N5 and precomputed mirrors, plain and sharded, in neuroglancer's own viewer, and compares what it
 * reads with the PNG tiles and the N5 blocks.
 *
 *     npm run build:js && node test/real/check-neuroglancer.mjs
 *
 * The viewer runs in Chromium (neuroglancer-viewer.mjs). Run by hand.
 *
 * Last result, 2026-11-28, neuroglancer 2.41.2, Chromium 156: "equal" at 5 places of 6 sources: grey values and labels from
 * N5, from precomputed and from shards.
 */
import { startViewer } from "./neuroglancer-viewer.mjs";
import { greyOf, labelOf, serveSample } from "./served-sample.mjs";

/** Voxels of the stack: in the first blocks, at borders of blocks, in the last, smaller ones. */
const dimension = [700, 500, 50];
const places = [
  [0, 0, 0],
  [111, 95, 19],
  [112, 96, 20],
  [350, 301, 41],
  [699, 499, 49],
];

const sample = await serveSample(dimension);
const viewer = await startViewer();
try {
  for (const [stack, kind] of [
    [1, "image"],
    [4, "segmentation"],
  ]) {
    for (const [mirror, scheme] of [
      ["n5", "n5"],
      ["precomputed", "precomputed"],
      ["sharded", "precomputed"],
    ]) {
      const offset = scheme === "n5" ? [0, 0, 0] : [500, -300, 20];
      const layer = await viewer.open(kind, `${scheme}://${sample.url}tiles/${stack}/${mirror}/`);
      const expected = [];
      for (const place of places) {
        const value = await (kind === "image" ? greyOf : labelOf)(sample.url, place);
        const position = place.map((voxel, axis) => voxel + offset[axis] + 0.5);
        await layer.waitForValue(position, value);
        expected.push(value);
      }
      await layer.close();
      console.log(`${kind} from ${mirror}: ${expected.join(", ")}`);
    }
  }
  console.log("equal");
} finally {
  await viewer.close();
  sample.close();
}

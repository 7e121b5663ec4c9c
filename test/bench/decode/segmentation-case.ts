import { createHash } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Triple } from "../../../src/space/axis-order.js";
import { decodeCompressedSegmentation } from "../../../workers/decode/precomputed/compressed-segmentation.js";
import { encodeCompressedSegmentation } from "../../../workers/encode/encode-compressed-segmentation.js";
import { alternate, type Contender } from "../alternate.js";
import type { BenchCase } from "../bench-case.js";
import { sha256 } from "../tiles/expected-volume.js";
import { timed } from "../timed.js";

const side = 64;
const cells = 90;
const extent: Triple = [side, side, side];
const blockSize: Triple = [8, 8, 8];

/** A chunk of convex cells. Their labels are too large for a double. */
export const segmentationCase: BenchCase = {
  group: "decode",
  name: "compressed_segmentation 64³ uint64",
  async run(context) {
    const labels = drawCells();
    const chunk = encodeCompressedSegmentation(labels, extent, blockSize);
    const layout = { dataType: "uint64", extent, blockSize, channels: 1, channel: 0 } as const;
    const contenders = [
      contenderOf("ours", () => decodeCompressedSegmentation(chunk, layout) as BigUint64Array),
      ...(await neuroglancer(chunk)),
    ];
    return alternate(contenders, {
      rounds: context.rounds(41),
      warmUp: 10,
      expected: sha256(bytesOf(labels)),
    });
  },
};

type DecodeChannel = (
  out: BigUint64Array,
  words: Uint32Array,
  offset: number,
  extent: Triple,
  blockSize: Triple,
) => BigUint64Array;

/** Neuroglancer's own function (NEUROGLANCER_PATH). */
async function neuroglancer(chunk: Uint8Array<ArrayBuffer>): Promise<Contender[]> {
  const { NEUROGLANCER_PATH: folder } = process.env;
  if (folder === undefined || folder === "") return [];
  const file = join(folder, "lib/sliceview/compressed_segmentation/decode_common.js");
  const { decodeChannel } = (await import(pathToFileURL(file).href)) as { decodeChannel: DecodeChannel };
  const words = new Uint32Array(chunk.buffer);
  const decode = () =>
    decodeChannel(new BigUint64Array(side ** 3), words, words[0] as number, extent, blockSize);
  return [contenderOf("neuroglancer", decode)];
}

function contenderOf(name: string, decode: () => BigUint64Array): Contender {
  return {
    name,
    async measure() {
      const { result, ...times } = await timed(decode);
      return { ...times, sha256: sha256(bytesOf(result)) };
    },
  };
}

/** Draws cells: each voxel belongs to the nearest of some points, which a hash distributes. */
function drawCells(): BigUint64Array {
  const digits = createHash("shake256", { outputLength: 3 * cells })
    .update("cells")
    .digest();
  const points = Array.from({ length: cells }, (_, n) =>
    Array.from(digits.subarray(3 * n, 3 * n + 3), (byte) => byte % side),
  );
  return new BigUint64Array(side ** 3).map((_, i) => {
    const at = [i % side, Math.floor(i / side) % side, Math.floor(i / side ** 2)];
    const distances = points.map((point) =>
      point.reduce((sum, value, axis) => sum + (value - (at[axis] ?? 0)) ** 2, 0),
    );
    return 2n ** 53n + 1n + BigInt(distances.indexOf(Math.min(...distances)));
  });
}

function bytesOf({ buffer, byteOffset, byteLength }: BigUint64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

import type { PrecomputedEncoding } from "../../../workers/protocol.js";
import { UnsupportedMirrorError } from "../../errors.js";
import type { DataType } from "../../space/data-type.js";
import { infoFault, isCount, type JsonObject, tripleOf } from "./info-values.js";

/** The data types and numbers of channels that an encoding can hold. A member that is absent allows all. */
interface Capacity {
  readonly dataTypes?: readonly DataType[];
  readonly channels?: readonly number[];
}

const capacities: Readonly<Record<PrecomputedEncoding["kind"], Capacity>> = {
  raw: {},
  jpeg: { dataTypes: ["uint8"], channels: [1, 3] },
  png: { dataTypes: ["uint8", "uint16"], channels: [1, 2, 3, 4] },
  compressed_segmentation: { dataTypes: ["uint32", "uint64"] },
};

/**
 * How the chunks of a scale are encoded.
 *
 * @throws UnsupportedMirrorError for an unknown encoding, or one that cannot hold such voxels.
 */
export function encodingOf(
  scale: JsonObject,
  dataType: DataType,
  channels: number,
  where: string,
): PrecomputedEncoding {
  const { encoding } = scale;
  if (typeof encoding !== "string") throw infoFault(where, "the encoding", encoding, "it must be a name");
  const kind = encoding.toLowerCase();
  if (!isKind(kind)) {
    const known = Object.keys(capacities).join(", ");
    throw infoFault(
      where,
      "chunks of encoding",
      encoding,
      `this version reads ${known}; take another mirror`,
    );
  }
  const { dataTypes = [dataType], channels: numbers = [channels] } = capacities[kind];
  if (!dataTypes.includes(dataType) || !numbers.includes(channels)) {
    throw new UnsupportedMirrorError(
      `${where} has chunks of encoding ${kind} with ${channels} channels of ${dataType}, which it cannot hold`,
    );
  }
  return kind === "compressed_segmentation" ? { kind, blockSize: segmentationBlock(scale, where) } : { kind };
}

function isKind(name: string): name is PrecomputedEncoding["kind"] {
  return Object.hasOwn(capacities, name);
}

function segmentationBlock(scale: JsonObject, where: string) {
  const size: unknown = scale["compressed_segmentation_block_size"];
  const block = tripleOf(size, isCount);
  if (block !== undefined) return block;
  throw infoFault(where, "the compressed_segmentation_block_size", size, "it must be three counts of voxels");
}

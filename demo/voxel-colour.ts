import type { DataType } from "catmaid-image";

/** The colour of a voxel, as the lower three bytes of a canvas pixel. */
export type VoxelColour = (voxel: number | bigint) => number;

const colours: Readonly<Partial<Record<DataType, VoxelColour>>> = {
  uint8: (voxel) => Number(voxel) * 0x010101,
  uint16: (voxel) => (Number(voxel) >> 8) * 0x010101,
  uint32: colourOfLabel,
  uint64: colourOfLabel,
};

/** How voxels of a type are shown: 8 and 16 bits as grey values, 32 and 64 bits as labels. Throws for other types. */
export function voxelColour(dataType: DataType): VoxelColour {
  const colour = colours[dataType];
  if (colour !== undefined) return colour;
  throw new Error(`this page shows voxels of ${Object.keys(colours).join(", ")}; these are ${dataType}`);
}

/** Neighbouring numbers get very different colours, none of them dark. Label 0 is the background, which is black. */
function colourOfLabel(label: number | bigint): number {
  if (Number(label) === 0) return 0;
  return (Math.imul(Number(BigInt.asUintN(32, BigInt(label))), 0x9e3779b1) >>> 8) | 0x404040;
}

/** The sixteen bytes at the beginning of a Blosc container. */

import { damagedData } from "../damaged-data.js";

/** Codecs by their number in the header. The output of lz4hc is read as lz4. */
const codecNames = ["blosclz", "lz4", "snappy", "zlib", "zstd"] as const;

/** The codec that a container's blocks are packed with. */
export type BloscCodec = (typeof codecNames)[number];

/** The header of a container. */
export interface BloscHeader {
  readonly codec: BloscCodec;
  /** How the bytes of a block were rearranged before packing. */
  readonly shuffle: "none" | "bytes" | "bits";
  /** Whether the container stores its bytes unpacked. */
  readonly stored: boolean;
  /** Whether blocks may be split into parts, one for each byte of an element. */
  readonly split: boolean;
  /** Bytes of an element, at least 1. */
  readonly elementBytes: number;
  /** Bytes of a block before packing. The last block may be shorter. */
  readonly blockBytes: number;
}

export const bloscHeaderBytes = 16;

const formatVersion = 2;
/** The version of every codec; there are no others. */
const codecVersion = 1;

/** The codec that a container names; `undefined` if its bytes name none. */
export function bloscCodecOf(container: Uint8Array): BloscCodec | undefined {
  return codecNames[(container[2] ?? 0xff) >>> 5];
}

/** Reads the header of a container that unpacks to exactly `length` bytes. Throws a `DecodeFailure` if it is invalid. */
export function readBloscHeader(container: Uint8Array, length: number): BloscHeader {
  if (container.length < bloscHeaderBytes) throw damagedData("it ends within the Blosc header");
  const view = new DataView(container.buffer, container.byteOffset, bloscHeaderBytes);
  const [version, versionOfCodec, flags, elementBytes] = [0, 1, 2, 3].map((at) => view.getUint8(at)) as [
    number,
    number,
    number,
    number,
  ];
  const [unpackedBytes, blockBytes, packedBytes] = [4, 8, 12].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
  ];
  const codec = bloscCodecOf(container);
  const stored = (flags & 2) !== 0;
  const [byBytes, byBits] = [(flags & 1) !== 0, (flags & 4) !== 0];
  if (version !== formatVersion) throw damagedData(`it is no Blosc container of version 2 but ${version}`);
  if (codec === undefined || (flags & 8) !== 0 || (byBytes && byBits))
    throw damagedData("its Blosc header is invalid");
  if (!stored && versionOfCodec !== codecVersion)
    throw damagedData("its Blosc header has an unknown codec version");
  if (packedBytes !== container.length)
    throw damagedData(`its Blosc header tells ${packedBytes} bytes, but it has ${container.length}`);
  if (unpackedBytes !== length)
    throw damagedData(`it unpacks to ${unpackedBytes} bytes, not the ${length} that it should`);
  if (elementBytes === 0 || (length > 0 && blockBytes === 0))
    throw damagedData("its Blosc header is invalid");
  return {
    codec,
    shuffle: byBytes && elementBytes > 1 ? "bytes" : byBits ? "bits" : "none",
    stored,
    split: (flags & 16) === 0,
    elementBytes,
    blockBytes,
  };
}

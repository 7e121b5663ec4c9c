/** The sixteen bytes that a Blosc container begins with. */

import { damagedData } from "../damaged-data.js";

/** Codecs by the number that the header has for them; lz4hc makes what lz4 reads. */
const codecNames = ["blosclz", "lz4", "snappy", "zlib", "zstd"] as const;

/** How the blocks of a container are packed. */
export type BloscCodec = (typeof codecNames)[number];

/** What a header says. */
export interface BloscHeader {
  readonly codec: BloscCodec;
  /** How the bytes of a block were rearranged before they were packed. */
  readonly shuffle: "none" | "bytes" | "bits";
  /** Whether nothing is packed at all. */
  readonly stored: boolean;
  /** Whether blocks may be in parts, one for each byte of an element. */
  readonly split: boolean;
  /** Bytes of an element, at least 1. */
  readonly elementBytes: number;
  /** Bytes of a block before it was packed; the last may be shorter. */
  readonly blockBytes: number;
}

export const bloscHeaderBytes = 16;

const formatVersion = 2;
/** Of each codec, which has had no other. */
const codecVersion = 1;

/** The codec that a container names, as far as anything can be told from its bytes. */
export function bloscCodecOf(container: Uint8Array): BloscCodec | undefined {
  return codecNames[(container[2] ?? 0xff) >>> 5];
}

/** Reads the header of a container of exactly `length` bytes. Throws a `DecodeFailure` where it is none. */
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

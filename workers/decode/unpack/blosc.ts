/** Unpacks Blosc containers of version 2, which numcodecs and n5-blosc write. They have no checksum. */

import { DecodeFailure } from "../../../src/errors.js";
import { damagedData } from "../damaged-data.js";
import { type BloscCodec, type BloscHeader, bloscHeaderBytes, readBloscHeader } from "./blosc-header.js";
import { unpackBloscLz } from "./blosclz.js";
import { unpackLz4Block } from "./lz4-block.js";
import { unshuffleBits, unshuffleBytes } from "./unshuffle.js";
import { unpackZlib } from "./zlib.js";
import { unpackZstd } from "./zstd/zstd.js";

/** The bytes of a Blosc container, exactly `length` of them. Throws a `DecodeFailure` for anything else. */
export function unpackBlosc(container: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const header = readBloscHeader(container, length);
  if (header.stored) {
    if (container.length !== bloscHeaderBytes + length)
      throw damagedData("the Blosc container has another length than what it stores");
    return new Uint8Array(container.subarray(bloscHeaderBytes));
  }
  const unpackPart = unpackerOf(header.codec);
  const bytes = new Uint8Array(length);
  const { blockBytes, shuffle } = header;
  const shuffled = shuffle === "none" ? undefined : new Uint8Array(Math.min(blockBytes, length));
  const starts = blockStarts(container, Math.ceil(length / blockBytes));
  starts.forEach((start, index) => {
    const block = bytes.subarray(index * blockBytes, Math.min((index + 1) * blockBytes, length));
    const unpacked = shuffled?.subarray(0, block.length) ?? block;
    unpackBlock(container, start, unpacked, header, unpackPart);
    if (shuffle === "bytes") unshuffleBytes(unpacked, block, header.elementBytes);
    if (shuffle === "bits") unshuffleBits(unpacked, block, header.elementBytes);
  });
  return bytes;
}

/** Unpacks a part of a block. The result must fill the target exactly. */
type UnpackPart = (source: Uint8Array, target: Uint8Array) => void;

function unpackerOf(codec: BloscCodec): UnpackPart {
  switch (codec) {
    case "blosclz":
      return unpackBloscLz;
    case "lz4":
      return unpackLz4Block;
    case "zlib":
      return (source, target) => target.set(unpackZlib(source, target.length));
    case "zstd":
      return unpackZstd;
    case "snappy":
      throw new DecodeFailure(
        "unsupported-image",
        "it is a Blosc container packed with snappy, which is not read; write it with lz4 or zstd",
      );
  }
}

/** The offsets of the blocks in the container. */
function blockStarts(container: Uint8Array, blocks: number): readonly number[] {
  const tableEnd = bloscHeaderBytes + 4 * blocks;
  if (tableEnd > container.length) throw damagedData("the Blosc container ends early");
  const view = new DataView(container.buffer, container.byteOffset, container.byteLength);
  return Array.from({ length: blocks }, (_, index) => {
    const start = view.getUint32(bloscHeaderBytes + 4 * index, true);
    if (start < tableEnd) throw damagedData("a Blosc block begins within the header");
    return start;
  });
}

/** Blosc splits a block only into at most so many parts, each of at least so many bytes. */
const mostParts = 16;
const leastPartBytes = 128;

function unpackBlock(
  container: Uint8Array,
  start: number,
  block: Uint8Array,
  { split, elementBytes, blockBytes }: BloscHeader,
  unpackPart: UnpackPart,
): void {
  const view = new DataView(container.buffer, container.byteOffset, container.byteLength);
  const isSplit =
    split &&
    elementBytes <= mostParts &&
    Math.floor(blockBytes / elementBytes) >= leastPartBytes &&
    block.length === blockBytes;
  const parts = isSplit ? elementBytes : 1;
  if (block.length % parts !== 0) throw damagedData("a Blosc block cannot be split evenly");
  const partBytes = block.length / parts;
  let at = start;
  for (let part = 0; part < parts; part++) {
    const packedBytes = at + 4 <= container.length ? view.getUint32(at, true) : 0;
    at += 4;
    if (packedBytes === 0 || packedBytes > container.length - at)
      throw damagedData("the Blosc container ends early");
    const source = container.subarray(at, at + packedBytes);
    const target = block.subarray(part * partBytes, (part + 1) * partBytes);
    // A part that could not be made shorter is stored unpacked.
    if (packedBytes === partBytes) target.set(source);
    else unpackPart(source, target);
    at += packedBytes;
  }
}

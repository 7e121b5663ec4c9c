/**
 * Unpacks N5's lz4: the stream of net.jpountz's LZ4BlockOutputStream, not LZ4's own frame. Each block has the bytes
 * "LZ4Block", a token (its high half is the method), the packed and the unpacked length, and the xxHash32 of the
 * unpacked bytes. The last block is empty.
 */

import { damagedData } from "../damaged-data.js";
import { unpackLz4Block } from "./lz4-block.js";
import { xxHash32 } from "./xx-hash-32.js";

const headerBytes = 21;
const seed = 0x9747b28c;
const stored = 0x10;
const packed = 0x20;

/** The bytes of an LZ4Block stream, exactly `length` of them. Throws a `DecodeFailure` for anything else. */
export function unpackLz4(stream: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const bytes = new Uint8Array(length);
  let written = 0;
  for (let at = 0; ; ) {
    if (at + headerBytes > stream.length) throw damagedData("the lz4 stream ends early");
    if (String.fromCharCode(...stream.subarray(at, at + 8)) !== "LZ4Block")
      throw damagedData("an lz4 block does not begin as one");
    const method = (stream[at + 8] as number) & 0xf0;
    const packedBytes = view.getUint32(at + 9, true);
    const unpackedBytes = view.getUint32(at + 13, true);
    const checksum = view.getUint32(at + 17, true);
    at += headerBytes;
    if (unpackedBytes === 0) {
      if (packedBytes !== 0 || checksum !== 0 || method !== stored)
        throw damagedData("the end of the lz4 stream is garbled");
      if (at !== stream.length) throw damagedData("something follows the lz4 stream");
      break;
    }
    if (at + packedBytes > stream.length) throw damagedData("the lz4 stream ends early");
    if (unpackedBytes > length - written)
      throw damagedData(`it unpacks to more than the ${length} bytes that it should`);
    const from = stream.subarray(at, at + packedBytes);
    const to = bytes.subarray(written, written + unpackedBytes);
    if (method === packed) unpackLz4Block(from, to);
    else if (method === stored && packedBytes === unpackedBytes) to.set(from);
    else throw damagedData("an lz4 block is packed in an unknown way");
    // The writer stores only 28 bits of the checksum.
    if ((xxHash32(to, seed) & 0x0fffffff) !== (checksum & 0x0fffffff))
      throw damagedData("the checksum of an lz4 block is wrong");
    at += packedBytes;
    written += unpackedBytes;
  }
  if (written !== length)
    throw damagedData(`it unpacks to ${written} bytes, fewer than the ${length} that it should`);
  return bytes;
}

import { DecodeFailure } from "../../../src/errors.js";
import { contentName, latin1 } from "../foreign-bytes.js";

/** The header of an N5 block. */
export interface N5Header {
  /** Number of samples along each axis of the dataset. */
  readonly size: readonly number[];
  /** The offset in bytes at which the samples begin. */
  readonly end: number;
}

const plain = 0;
const counted = 1;
const object = 2;

/** Reads the header of a block in a dataset with `rank` axes. Throws a `DecodeFailure` unless the block holds voxels. */
export function readN5Header(block: Uint8Array, rank: number): N5Header {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const fixedBytes = 4 + 4 * rank;
  const mode = block.length < 2 ? undefined : view.getUint16(0);
  if (mode === object) throw unread("it is an N5 block of objects (mode 2)");
  if (mode !== plain && mode !== counted) {
    const what = contentName(latin1(block));
    throw new DecodeFailure("not-an-image", `it is ${block.length === 0 ? "empty" : what}, no N5 block`);
  }
  const end = mode === plain ? fixedBytes : fixedBytes + 4;
  const axes = block.length < 4 ? rank : view.getUint16(2);
  if (axes !== rank) throw damaged(`of ${axes} axes, where the dataset has ${rank}`);
  if (block.length < end) throw damaged(`that ends after ${block.length} bytes`);
  const size = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  if (size.includes(0)) throw damaged(`of ${size.join(" × ")} voxels`);
  if (
    mode === counted &&
    view.getUint32(fixedBytes) !== size.reduce((product, extent) => product * extent, 1)
  )
    throw unread("it is an N5 block of elements that vary in length, such as a label multiset (mode 1)");
  return { size, end };
}

function damaged(what: string): DecodeFailure {
  return new DecodeFailure("corrupt-image", `it has an N5 header ${what}`);
}

function unread(what: string): DecodeFailure {
  return new DecodeFailure(
    "unsupported-image",
    `${what}, which is not read; write a dataset of plain voxels`,
  );
}

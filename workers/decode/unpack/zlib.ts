import { damagedData } from "../damaged-data.js";
import { inflating } from "../inflate/inflating.js";
import { isZlibHeader } from "../inflate/zlib-header.js";

/** The bytes of a zlib stream (RFC 1950), exactly `length` of them. Throws a `DecodeFailure` for anything else. */
export function unpackZlib(stream: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const headerBytes = 2;
  const trailerBytes = 4;
  if (stream.length < headerBytes + trailerBytes) throw damagedData("it ends within the zlib header");
  if (!isZlibHeader(stream, 0)) throw damagedData("its zlib header is invalid");
  return inflating(stream, length, (inflater) => {
    const end = inflater.inflate(headerBytes, stream.length - trailerBytes);
    const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
    if (view.getUint32(end) !== inflater.adler32()) throw damagedData("its Adler-32 is wrong");
    if (end + trailerBytes !== stream.length) throw damagedData("something follows the zlib stream");
    if (inflater.size !== length)
      throw damagedData(`it unpacks to ${inflater.size} bytes, fewer than the ${length} that it should`);
    return inflater.output();
  });
}

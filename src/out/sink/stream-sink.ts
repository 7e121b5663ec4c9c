import { InvalidOutError } from "../../errors.js";
import type { ByteSink } from "./byte-sink.js";

/**
 * Makes a sink of a stream, for writers that write from beginning to end, such as a `zipStore`: into a download, or into a
 * file that the user picked.
 */
export function streamSink(stream: WritableStream<Uint8Array>): ByteSink {
  const writer = stream.getWriter();
  let length = 0;
  return {
    write: async (position, bytes) => {
      if (position !== length) {
        throw new InvalidOutError(
          `a stream takes bytes in their order, and got some for position ${position} after the first ${length}: use a fileSink or a MemoryByteSink`,
        );
      }
      length += bytes.length;
      await writer.ready;
      // Copied because the stream may keep the bytes.
      await writer.write(bytes.slice());
    },
    close: () => writer.close(),
    discard: () => writer.abort(),
  };
}

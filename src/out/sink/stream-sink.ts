import { InvalidOutError } from "../../errors.js";
import type { ByteSink } from "./byte-sink.js";

/**
 * A stream as a sink, for what is written from its beginning to its end: a `zipStore` into a download, or a file that the
 * user picked.
 */
export function streamSink(stream: WritableStream<Uint8Array>): ByteSink {
  const writer = stream.getWriter();
  let length = 0;
  return {
    write: async (position, bytes) => {
      if (position !== length) {
        throw new InvalidOutError(
          `a stream takes bytes in their order, and these are for ${position} while it is at ${length}: use a sink that can go back`,
        );
      }
      length += bytes.length;
      await writer.ready;
      // The stream may keep what it is given.
      await writer.write(bytes.slice());
    },
    close: () => writer.close(),
    discard: () => writer.abort(),
  };
}

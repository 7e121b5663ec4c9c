import type { ByteRange } from "../../workers/protocol.js";
import type { BlockPlaceInFile } from "./block-source.js";

/** STUB until the shards' branch is merged. */
export class FileRuns {
  async bytesOf(
    _url: string,
    { range }: BlockPlaceInFile,
    ask: (range: ByteRange, signal: AbortSignal) => Promise<Uint8Array | undefined>,
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    return ask(range, signal);
  }
}

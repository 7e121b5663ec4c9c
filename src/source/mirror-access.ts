import { SharedTask } from "../concurrency/shared-task.js";
import { InvalidOptionError } from "../errors.js";
import type { TileIsMissing } from "../options/missing-tile.js";
import type { BlockScheduler } from "../schedule/block-scheduler.js";
import type { BlockIndex } from "../space/block.js";
import type { DataType } from "../space/data-type.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { Stack } from "../stack/stack.js";
import type { BlockRequestOptions } from "./block-requests.js";
import { BlockRequests, largestBodyLimit } from "./block-requests.js";
import type { Ask, BlockSource, Question } from "./block-source.js";
import { type Credentials, headersFor } from "./mirror-headers.js";
import { absoluteUrl, originOf } from "./mirror-origin.js";
import { serialOf } from "./mirror-serial.js";
import { isTileDataType, TileBlockSource } from "./tiles/tile-source.js";

/** Opens mirrors and makes requests to them. */
export type SourceAccess = Pick<MirrorAccess, "open" | "requests">;

/** What all fetches and probes of a fetcher share for reading mirrors. */
export interface MirrorAccessOptions {
  readonly stack: Stack;
  /** The data type that is wanted; `undefined`: the mirror's own, or `"uint8"` for tiles. */
  readonly dataType: DataType | undefined;
  /** The channel that is wanted, if the caller chose one. */
  readonly channel: "grey" | number | undefined;
  readonly timeoutMs: number;
  readonly missingStatuses: readonly number[];
  readonly isMissing?: TileIsMissing | undefined;
  /** Sends the requests for metadata. */
  readonly scheduler: BlockScheduler;
  /** Called once for each warning that a mirror's metadata give rise to. */
  onWarning(message: string): void;
  /** The credentials for a mirror. */
  credentialsOf(mirror: StackMirror): Credentials;
}

// Colour images have red, green, blue and alpha.
const tileChannels = 4;

/** Opens the mirrors of a stack, each once, and makes the requests to them. */
export class MirrorAccess {
  readonly #options: MirrorAccessOptions;
  readonly #opened = new Map<StackMirror, BlockSource>();
  readonly #opening = new Map<StackMirror, SharedTask<BlockSource>>();

  constructor(options: MirrorAccessOptions) {
    this.#options = options;
  }

  /**
   * Opens a mirror as a source of blocks. The metadata of a mirror of blocks are read once; after a failure the next
   * call reads them again.
   *
   * @throws UnsupportedMirrorError if its metadata are invalid, or need a feature that is not supported.
   * @throws TileFetchError if its metadata could not be fetched.
   */
  async open(mirror: StackMirror, signal: AbortSignal): Promise<BlockSource> {
    const opened = this.#opened.get(mirror);
    if (opened !== undefined) return opened;
    let task = this.#opening.get(mirror);
    if (task === undefined) {
      task = new SharedTask(
        (taskSignal) => this.#open(mirror, taskSignal),
        () => this.#opening.delete(mirror),
      );
      this.#opening.set(mirror, task);
    }
    return task.join(signal);
  }

  /** The requests of one fetch to a source. */
  requests(source: BlockSource, isWanted: (block: BlockIndex) => boolean): Promise<BlockRequests> {
    const { mirror } = source;
    return BlockRequests.create(source, {
      options: this.#requestOptions(mirror),
      ask: this.#ask(mirror),
      isWanted,
    });
  }

  async #open(mirror: StackMirror, signal: AbortSignal): Promise<BlockSource> {
    const source = await this.#sourceOf(mirror, signal);
    this.#opened.set(mirror, source);
    for (const warning of source.warnings) this.#options.onWarning(warning);
    return source;
  }

  async #sourceOf(mirror: StackMirror, signal: AbortSignal): Promise<BlockSource> {
    const { stack, channel } = this.#options;
    const options = { channel: channel === "grey" ? undefined : channel };
    const ask = this.#ask(mirror);
    switch (mirror.blockFormat) {
      case "n5": {
        const { openN5 } = await import("./n5/open-n5.js");
        return openN5(stack, mirror, options, ask, signal);
      }
      case "precomputed": {
        const { openPrecomputed } = await import("./precomputed/open-precomputed.js");
        return openPrecomputed(stack, mirror, options, ask, signal);
      }
      case undefined:
        return new TileBlockSource(stack, mirror, this.#tileFormat());
    }
  }

  #tileFormat(): { readonly dataType: "uint8" | "uint16"; readonly channel: "grey" | number } {
    const { dataType = "uint8", channel = "grey" } = this.#options;
    if (!isTileDataType(dataType)) {
      throw new InvalidOptionError(
        `tiles are images of uint8 or uint16, and dataType is ${dataType}: leave it out, or take a mirror of blocks`,
      );
    }
    if (channel !== "grey" && channel >= tileChannels) {
      throw new InvalidOptionError(
        `tiles are images of at most ${tileChannels} channels, and channel is ${channel}`,
      );
    }
    return { dataType, channel };
  }

  #requestOptions(mirror: StackMirror): BlockRequestOptions {
    const { timeoutMs, missingStatuses, isMissing, credentialsOf } = this.#options;
    return { ...credentialsOf(mirror), timeoutMs, missingStatuses, isMissing };
  }

  #ask(mirror: StackMirror): Ask {
    const { scheduler, credentialsOf, timeoutMs, missingStatuses } = this.#options;
    return async ({ url, range, what, maxBytes }: Question, signal) => {
      const part = range === undefined ? "" : ` ${range.offset}+${range.length}`;
      const request = {
        key: `${serialOf(mirror)}?${url}${part}`,
        origin: originOf(mirror),
        position: what,
        regionBlocks: 1,
        isKept: false,
        makeJob: async () => ({
          url: absoluteUrl(url),
          ...(range && { range }),
          headers: await headersFor(mirror, credentialsOf(mirror)),
          codec: { kind: "bytes" as const },
          shape: [1, 1, range?.length ?? maxBytes] as const,
          timeoutMs,
          missingStatuses,
          // A server may answer with the whole file; the range is then cut out of it.
          maxBodyBytes: range === undefined ? maxBytes : largestBodyLimit,
        }),
      };
      const outcome = await scheduler.request(request, signal);
      return outcome.kind === "missing" ? undefined : (outcome.block.data as Uint8Array);
    };
  }
}

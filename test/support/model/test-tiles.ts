import type { BlockJob, Codec } from "../../../workers/protocol.js";
import type { TileLog } from "../servers/http-test-server.js";

/** How tiles are read, unless a test says otherwise. */
export const tileCodec: Codec = { kind: "image", transpose: false, dataType: "uint8", channel: "grey" };

let nextKey = 1;

/** One test's part of the test server, usable from Node or a browser. */
export class TestTiles {
  readonly #origin: string;
  readonly #key: string = `t${Date.now().toString(36)}-${nextKey++}`;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** The URL of a behaviour, such as `tile/64x64/7`. */
  url(behaviour: string, origin: string = this.#origin): string {
    return `${origin}/${this.#key}/${behaviour}`;
  }

  /** A job for a behaviour, with tiles of 64 × 48. */
  job(behaviour: string, changes: Partial<BlockJob> = {}): BlockJob {
    return {
      url: this.url(behaviour),
      headers: {},
      codec: tileCodec,
      shape: [1, 48, 64],
      timeoutMs: 30_000,
      missingStatuses: [404, 410],
      maxBodyBytes: 1_000_000,
      ...changes,
    };
  }

  /** The server's record of this test. */
  log(): Promise<TileLog> {
    return this.#control("log");
  }

  /** Resolves when the server has received this many requests. */
  untilRequests(count: number): Promise<TileLog> {
    return this.#control("await", `requests/${count}`);
  }

  /** Resolves when this many clients have disconnected before their answer was complete. */
  untilDisconnects(count: number): Promise<TileLog> {
    return this.#control("await", `disconnects/${count}`);
  }

  /** Releases held answers, now and from now on. */
  release(): Promise<TileLog> {
    return this.#control("release");
  }

  async #control(verb: string, more = ""): Promise<TileLog> {
    const response = await fetch(`${this.#origin}/control/${verb}/${this.#key}/${more}`, {
      cache: "no-store",
    });
    return (await response.json()) as TileLog;
  }
}

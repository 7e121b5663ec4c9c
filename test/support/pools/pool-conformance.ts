import { describe, expect, test } from "vitest";
import type { BlockPool } from "../../../src/pool/block-pool.js";
import { packBytesIn } from "../../../src/pool/pack-bytes.js";
import type { BlockJob, BlockResult, Codec } from "../../../workers/protocol.js";
import { n5Block } from "../block-files/n5-block.js";
import { type PackedFixture, packedFixtures } from "../block-files/packed-fixtures.js";
import { partedFile } from "../block-files/parted-file.js";
import { CountedSignal } from "../fetching/counted-signal.js";
import { TestTiles, tileCodec } from "../model/test-tiles.js";
import { greyTile } from "../model/tile-drawing.js";
import { sha256 } from "../sha-256.js";

/** What differs between the tests of pools. */
export interface PoolUnderTest {
  readonly createPool: () => BlockPool;
  readonly origins: () => { url: string; otherUrl: string };
  /** Whether redirects of requests with headers are followed (without the headers), or refused as in browsers. */
  readonly followsRedirects: boolean;
}

/** Tests everything that every `BlockPool` promises, with a real server. */
export function describeBlockPool(
  name: string,
  { createPool, origins, followsRedirects }: PoolUnderTest,
): void {
  const never = (): AbortSignal => new AbortController().signal;
  const withPool = async <T>(use: (pool: BlockPool, tiles: TestTiles) => Promise<T>): Promise<T> => {
    const pool = createPool();
    try {
      return await use(pool, new TestTiles(origins().url));
    } finally {
      await pool.close();
    }
  };
  const result = (behaviour: string, changes: Parameters<TestTiles["job"]>[1] = {}): Promise<BlockResult> =>
    withPool((pool, tiles) => pool.run(tiles.job(behaviour, changes), never()));

  describe(`${name}: tiles`, () => {
    test("a tile is the pixels that the server drew", async () => {
      const tile = await result("tile/64x48/7");
      expect(tile).toMatchObject({
        kind: "block",
        shape: [1, 48, 64],
        decoder: expect.stringMatching(/^png-/),
      });
      expect(pixels(tile)).toEqual(greyTile(7, 64, 48));
    });

    test("an edge tile may be smaller than its mirror's tiles", async () => {
      const tile = await result("tile/17x5/3");
      expect(tile).toMatchObject({ kind: "block", shape: [1, 5, 17] });
      expect(pixels(tile)).toEqual(greyTile(3, 17, 5));
    });

    test("a transposed tile is turned back", async () => {
      const tile = await result("tile/48x64/9", { codec: { ...tileCodec, transpose: true } as Codec });
      expect(tile).toMatchObject({ kind: "block", shape: [1, 48, 64] });
      const drawn = greyTile(9, 48, 64);
      expect(pixels(tile)).toEqual(drawn.map((_, i) => drawn[(i % 64) * 48 + Math.floor(i / 64)] ?? 0));
    });

    test("many tiles at once are each their own", async () => {
      await withPool(async (pool, tiles) => {
        const seeds = Array.from({ length: 100 }, (_, seed) => seed);
        const all = await Promise.all(
          seeds.map((seed) => pool.run(tiles.job(`tile/64x48/${seed}`), never())),
        );
        expect(all.map(pixels)).toEqual(seeds.map((seed) => greyTile(seed, 64, 48)));
        expect((await tiles.log()).requests).toHaveLength(100);
      });
    });

    test("what was given stays as it is while others come", async () => {
      await withPool(async (pool, tiles) => {
        const kept = await pool.run(tiles.job("tile/64x48/1", { returnsBody: true }), never());
        const raw = await pool.run(tiles.job("tile/64x48/1", { codec: { kind: "bytes" } }), never());
        const file = new Uint8Array(await (await fetch(tiles.url("tile/64x48/1"))).arrayBuffer());
        const others = Array.from({ length: 10 }, (_, seed) => tiles.job(`tile/64x48/${seed + 2}`));
        await Promise.all(others.map((job) => pool.run(job, never())));
        expect(kept).toMatchObject({ data: greyTile(1, 64, 48), body: file });
        expect(pixels(raw)).toEqual(file);
      });
    });

    test("the size of the body is told, however it was sent", async () => {
      const [plain, chunked] = await Promise.all([result("tile/64x48/1"), result("chunked/64x48/1")]);
      expect(plain).toMatchObject({ kind: "block" });
      expect(chunked).toEqual(plain);
    });

    test("a Content-Encoding that nobody asked for is undone", async () => {
      expect(pixels(await result("gzip/64x48/4"))).toEqual(greyTile(4, 64, 48));
    });

    test.each([
      ["", "plain"],
      ["none", "plain"],
      ["utf-8", "plain"],
      ["identity", "plain"],
      ["gzip, identity", "gzip"],
      ["aws-chunked, gzip", "gzip"],
    ])("the Content-Encoding %j is taken for what it means", async (encoding, body) => {
      const path = `encoded/${encodeURIComponent(encoding)}/${body}/64x48/4`;
      expect(pixels(await result(path))).toEqual(greyTile(4, 64, 48));
    });

    test("files that come along are copies of their own", async () => {
      await withPool(async (pool, tiles) => {
        const names = Array.from({ length: 40 }, (_, seed) => `tile/64x48/${seed}`);
        const jobs = names.map((name) => pool.run(tiles.job(name, { returnsBody: true }), never()));
        const bodies = (await Promise.all(jobs)).map((answer) => "body" in answer && answer.body);
        for (const [i, name] of names.entries()) {
          const file = new Uint8Array(await (await fetch(tiles.url(name))).arrayBuffer());
          expect(bodies[i]).toEqual(file);
          expect(bodies[i]).toMatchObject({ buffer: { byteLength: file.length } });
        }
      });
    });

    test("a body that comes with the job is decoded without a request", async () => {
      await withPool(async (pool, tiles) => {
        const response = await fetch(tiles.url("tile/64x48/5"));
        const body = new Uint8Array(await response.arrayBuffer());
        const job = tiles.job("tile/64x48/6", { body });
        expect(pixels(await pool.run(job, never()))).toEqual(greyTile(5, 64, 48));
        expect(body.length).toBeGreaterThan(0);
        expect((await tiles.log()).requests).toHaveLength(1);
      });
    });
  });

  describe(`${name}: N5 blocks`, () => {
    const compressions = ["gzip", "zlib", "bzip2", "xz", "lz4", "blosc", "zstd"] as const;
    const jobOf = (tiles: TestTiles, { compression, file, length }: PackedFixture): BlockJob =>
      tiles.job("tile/64x48/1", {
        body: n5Block([length, 1, 1], file),
        codec: { kind: "n5", dataType: "uint8", compression, axes: [2, 1, 0], rank: 3 },
        shape: [1, 1, length],
      });

    test("whatever packs them, also in workers that have to be replaced for it", async () => {
      await withPool(async (pool, tiles) => {
        const packed = packedFixtures.filter(
          ({ compression, length }) => compression !== "raw" && length > 1000,
        );
        const blocks = await Promise.all(packed.map((fixture) => pool.run(jobOf(tiles, fixture), never())));
        expect(new Set(packed.map(({ compression }) => compression))).toEqual(new Set(compressions));
        for (const [i, { compression, length, sha256: digest }] of packed.entries()) {
          expect(blocks[i]).toMatchObject({
            shape: [1, 1, length],
            decoder: expect.stringMatching(`^n5-${compression}`),
          });
          expect(await sha256(new Uint8Array(pixels(blocks[i]) ?? []))).toBe(digest);
        }
      });
    });

    test.each(compressions)("a damaged one of %s is an error that says so", async (compression) => {
      await withPool(async (pool, tiles) => {
        const fixture = packedFixtures.find((file) => file.compression === compression) as PackedFixture;
        const job = jobOf(tiles, { ...fixture, file: fixture.file.slice(0, -3) });
        const answer = await pool.run(job, never());
        expect(answer).toMatchObject({ kind: "error", error: { reason: "corrupt-image" } });
      });
    });
  });

  describe(`${name}: packing`, () => {
    const bytes = new Uint8Array(10_000).map((_, i) => i % 251);

    test.each(["gzip", "zlib"] as const)("what is packed as %s is what it was", async (kind) => {
      await withPool(async (pool) => {
        const given = bytes.slice();
        const packed = await packBytesIn(pool)(given, { kind, level: 6 }, never());
        const stream = new DecompressionStream(kind === "zlib" ? "deflate" : kind);
        const unpacked = new Response(new Blob([packed]).stream().pipeThrough(stream));
        expect(new Uint8Array(await unpacked.arrayBuffer())).toEqual(bytes);
        expect(packed.length).toBeLessThan(bytes.length / 10);
        expect(given).toEqual(bytes);
      });
    });

    test("what cannot be packed is an error that says so", async () => {
      await withPool(async (pool) => {
        const module = "data:text/javascript,throw new Error('broken')";
        const packing = { kind: "codec", module, config: { id: "test" } } as const;
        await expect(packBytesIn(pool)(bytes.slice(), packing, never())).rejects.toMatchObject({
          code: "worker",
          message: expect.stringMatching(/^a file could not be packed: .*(?:broken|codec)/),
        });
      });
    });
  });

  describe(`${name}: what is no tile`, () => {
    test.each([404, 410])("status %i is a missing tile", async (status) => {
      expect(await result(`status/${status}`)).toMatchObject({ kind: "missing", status });
    });

    test.each([204, 203, 300])("and so is %i where the job says so", async (status) => {
      const answer = await result(`status/${status}`, { missingStatuses: [status] });
      expect(answer).toMatchObject({ kind: "missing", status });
    });

    test("403 is missing only where the job says so", async () => {
      expect(await result("status/403", { missingStatuses: [403] })).toMatchObject({
        kind: "missing",
        status: 403,
      });
      expect(await result("status/403")).toMatchObject({
        kind: "error",
        error: { reason: "http", status: 403 },
      });
    });

    test.each([400, 401, 429, 500, 502, 503])("status %i is an error", async (status) => {
      const answer = await result(`status/${status}`);
      expect(answer).toMatchObject({ kind: "error", error: { reason: "http", status } });
      expect(message(answer)).toContain(String(status));
    });

    test("Retry-After is passed on, in seconds and as a date", async () => {
      const seconds = await result("status/503?retry-after=7");
      expect(seconds).toMatchObject({ error: { retryAfterMs: 7000 } });
      const past = await result(
        `status/503?retry-after=${encodeURIComponent("Sun, 06 Nov 1994 08:49:37 GMT")}`,
      );
      expect(past).toMatchObject({ error: { retryAfterMs: 0 } });
    });

    test.each([
      ["text/text%2Fhtml/<html><body>Please log in</body></html>", "not-an-image"],
      ["text/application%2Fjson/%7B%22error%22%3A1%7D", "not-an-image"],
      ["text/image%2Fpng/", "not-an-image"],
      ["status/204", "not-an-image"],
      ["truncate/64x48/1", "network"],
      // Chromium passes on what it could decode. Then the tile decoder notices the damage.
      ["damaged-gzip/64x48/1", expect.stringMatching(/^(network|corrupt-image)$/)],
      ["reset", "network"],
      ["tile/65x48/1", "wrong-size"],
      ["tile/64x49/1", "wrong-size"],
    ])("%s is %s", async (behaviour, reason) => {
      const answer = await result(behaviour);
      expect(answer).toMatchObject({ kind: "error", error: { reason } });
    });

    test.each(["silence", "stall/64x48/1"])("%s ends with the job's time limit", async (behaviour) => {
      await withPool(async (pool, tiles) => {
        const answer = await pool.run(tiles.job(behaviour, { timeoutMs: 300 }), never());
        expect(answer).toMatchObject({ kind: "error", error: { reason: "timeout" } });
        expect(message(answer)).toContain("300 ms");
        // On a very busy machine, the time may be over before the request is sent.
        await tiles.untilDisconnects((await tiles.log()).requests.length);
      });
    });

    test.each(["tile/64x48/1", "chunked/64x48/1"])(
      "%s is refused where it exceeds the cap",
      async (behaviour) => {
        const answer = await result(behaviour, { maxBodyBytes: 1500 });
        expect(answer).toMatchObject({ kind: "error", error: { reason: "too-large" } });
        expect(message(answer)).toContain("1500 bytes");
      },
    );

    test("a server that is not there is a network error", async () => {
      const answer = await result("", { url: "http://127.0.0.1:1/tile.png" });
      expect(answer).toMatchObject({ kind: "error", error: { reason: "network", status: 0 } });
      expect(message(answer)).toContain("http://127.0.0.1:1/tile.png");
    });
  });

  describe(`${name}: parts of files`, () => {
    const part = { codec: { kind: "bytes" } as Codec, range: { offset: 300, length: 50 } };
    const wanted = partedFile.slice(300, 350);

    test.each(["exact", "unnamed", "whole"])("of a server whose answer is %s", async (how) => {
      await withPool(async (pool, tiles) => {
        const answer = await pool.run(tiles.job(`part/${how}`, part), never());
        expect(answer).toMatchObject({ kind: "block", shape: [1, 1, 50], bodyBytes: 50, decoder: "none" });
        expect(answer).toMatchObject({ data: wanted });
        expect((await tiles.log()).requests[0]?.headers).toMatchObject({
          range: "bytes=300-349",
          "accept-encoding": "identity",
        });
      });
    });

    test.each([
      ["shifted", "was answered with "],
      ["clipped", "where bytes 300-349 were asked for"],
    ])("another part than the one that was asked for is an error: %s", async (how, words) => {
      const answer = await result(`part/${how}`, part);
      expect(answer).toMatchObject({ kind: "error", error: { reason: "wrong-range" } });
      expect(message(answer)).toContain(words);
    });

    test("a whole file that ends before the part is an error", async () => {
      const answer = await result("part/whole", { ...part, range: { offset: 990, length: 11 } });
      expect(answer).toMatchObject({ kind: "error", error: { reason: "wrong-range" } });
      expect(message(answer)).toContain("has 1000 bytes, of which bytes 990-1000 were asked for");
    });

    test("416 says that the file ends before the part", async () => {
      const answer = await result("part/outside", part);
      expect(answer).toMatchObject({ kind: "error", error: { reason: "http", status: 416 } });
      expect(message(answer)).toContain("the file ends before the part that was asked for");
    });

    test("a part that looks like a gzip file stays as it is", async () => {
      const answer = await result("part/exact", { ...part, range: { offset: 20, length: 40 } });
      expect(answer).toMatchObject({ data: partedFile.slice(20, 60) });
    });

    test("redirects are followed with the part, to another origin too", async () => {
      await withPool(async (pool, tiles) => {
        const to = tiles.url("part/exact", origins().otherUrl);
        const job = tiles.job(`redirect?to=${encodeURIComponent(to)}`, part);
        expect(await pool.run(job, never())).toMatchObject({ kind: "block", data: wanted });
        const { requests } = await tiles.log();
        expect(requests.map(({ headers }) => headers["range"])).toEqual(["bytes=300-349", "bytes=300-349"]);
      });
    });

    test("a tile may be a part of a file", async () => {
      await withPool(async (pool, tiles) => {
        const png = new Uint8Array(await (await fetch(tiles.url("tile/64x48/5"))).arrayBuffer());
        const range = { offset: 0, length: png.length };
        expect(pixels(await pool.run(tiles.job("tile/64x48/5", { range }), never()))).toEqual(
          greyTile(5, 64, 48),
        );
      });
    });
  });

  describe(`${name}: credentials and redirects`, () => {
    const secret = { "X-Authorization": "Token very-secret" };

    test("headers reach the server, and no message", async () => {
      await withPool(async (pool, tiles) => {
        const answer = await pool.run(tiles.job("status/500", { headers: secret }), never());
        expect((await tiles.log()).requests[0]?.headers["x-authorization"]).toBe("Token very-secret");
        expect(JSON.stringify(answer)).not.toContain("very-secret");
      });
    });

    test("user and password of a URL become a header, and reach no message", async () => {
      await withPool(async (pool, tiles) => {
        const url = tiles.url("status/500?token=very-secret").replace("http://", "http://user:very-secret@");
        const answer = await pool.run({ ...tiles.job(""), url }, never());
        const [request] = (await tiles.log()).requests;
        expect(request?.headers["authorization"]).toBe(`Basic ${btoa("user:very-secret")}`);
        expect(request?.path).toContain("token=very-secret");
        expect(JSON.stringify(answer)).not.toContain("very-secret");
      });
    });

    test("redirects without credentials are followed", async () => {
      await withPool(async (pool, tiles) => {
        const to = tiles.url("tile/64x48/2", origins().otherUrl);
        const answer = await pool.run(tiles.job(`redirect?to=${encodeURIComponent(to)}`), never());
        expect(pixels(answer)).toEqual(greyTile(2, 64, 48));
      });
    });

    test("credentials never follow a redirect to another origin", async () => {
      await withPool(async (pool, tiles) => {
        const to = tiles.url("tile/64x48/2", origins().otherUrl);
        const job = tiles.job(`redirect?to=${encodeURIComponent(to)}`, { headers: secret });
        const answer = await pool.run(job, never());
        const { requests } = await tiles.log();
        expect(requests.slice(1).some(({ headers }) => "x-authorization" in headers)).toBe(false);
        if (followsRedirects) expect(pixels(answer)).toEqual(greyTile(2, 64, 48));
        else expect(answer).toMatchObject({ kind: "error", error: { reason: "redirect" } });
      });
    });

    test("a redirect loop ends", async () => {
      await withPool(async (pool, tiles) => {
        const job = tiles.job("redirect");
        const loop = `${job.url}?to=${encodeURIComponent(job.url)}`;
        const answer = await pool.run({ ...job, url: `${job.url}?to=${encodeURIComponent(loop)}` }, never());
        expect(answer).toMatchObject({ kind: "error" });
      });
    });
  });

  describe(`${name}: abort and close`, () => {
    test("an aborted signal starts nothing", async () => {
      await withPool(async (pool, tiles) => {
        const reason = new Error("never mind");
        await expect(pool.run(tiles.job("tile/64x48/1"), AbortSignal.abort(reason))).rejects.toBe(reason);
        expect((await tiles.log()).requests).toHaveLength(0);
      });
    });

    test("an abort rejects with the reason, ends the request, and leaves the others alone", async () => {
      await withPool(async (pool, tiles) => {
        const controller = new AbortController();
        const aborted = pool.run(tiles.job("hold/64x48/1"), controller.signal);
        const other = pool.run(tiles.job("hold/64x48/2"), never());
        await tiles.untilRequests(2);
        const reason = { any: "value" };
        controller.abort(reason);
        await expect(aborted).rejects.toBe(reason);
        await tiles.untilDisconnects(1);
        await tiles.release();
        expect(pixels(await other)).toEqual(greyTile(2, 64, 48));
      });
    });

    test("an abort inside the body ends the request", async () => {
      await withPool(async (pool, tiles) => {
        const controller = new AbortController();
        const aborted = pool.run(tiles.job("stall/64x48/1"), controller.signal);
        await tiles.untilRequests(1);
        controller.abort();
        await expect(aborted).rejects.toBe(controller.signal.reason);
        await tiles.untilDisconnects(1);
      });
    });

    test("an abort after the result changes nothing, and no listener is left", async () => {
      await withPool(async (pool, tiles) => {
        const signal = new CountedSignal();
        let last: BlockResult | undefined;
        // Node warns if a signal has more than ten listeners.
        for (let batch = 0; batch < 10; batch += 1) {
          const jobs = ["status/404", ...Array.from({ length: 9 }, (_, i) => `tile/8x8/${i}`)];
          const results = await Promise.all(jobs.map((job) => pool.run(tiles.job(job), signal.signal)));
          last = results.at(-1);
          expect(signal.listeners).toBe(0);
        }
        signal.abort();
        expect(last).toMatchObject({ kind: "block", data: greyTile(8, 8, 8) });
      });
    });

    test("a thousand aborted jobs leave no listener behind", async () => {
      await withPool(async (pool, tiles) => {
        const signals = Array.from({ length: 1000 }, () => new CountedSignal());
        const all = signals.map(({ signal }) => pool.run(tiles.job("silence"), signal));
        const settled = Promise.allSettled(all);
        for (const signal of signals) signal.abort();
        expect(new Set((await settled).map(({ status }) => status))).toEqual(new Set(["rejected"]));
        expect(signals.reduce((sum, { listeners }) => sum + listeners, 0)).toBe(0);
      });
    });

    test("close rejects what is under way, and everything after it; twice is once", async () => {
      await withPool(async (pool, tiles) => {
        const under = [
          pool.run(tiles.job("hold/64x48/1"), never()),
          pool.run(tiles.job("hold/64x48/2"), never()),
        ];
        const settled = Promise.allSettled(under);
        await tiles.untilRequests(2);
        await Promise.all([pool.close(), pool.close()]);
        for (const outcome of await settled) {
          expect(outcome).toMatchObject({ status: "rejected", reason: { code: "closed" } });
        }
        await expect(pool.run(tiles.job("tile/64x48/3"), never())).rejects.toMatchObject({ code: "closed" });
        await pool.close();
      });
    });
  });
}

function pixels(result: BlockResult | undefined): Uint8Array | undefined {
  return result?.kind === "block" ? (result.data as Uint8Array) : undefined;
}

function message(result: BlockResult): string {
  return result.kind === "error" ? result.error.message : "";
}

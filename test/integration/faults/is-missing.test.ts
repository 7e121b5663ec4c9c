import { afterAll, describe, expect, test } from "vitest";
import type { ImageFetcherOptions } from "../../../src/options/image-fetcher-options.js";
import type { TileIsMissing } from "../../../src/options/missing-tile.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { TileIndex } from "../../../src/stack/mirror/tile-index.js";
import { oneKind, openFetcher } from "../../support/fetching/open-fetcher.js";
import { encodeGreyPng } from "../../support/images/encode-grey-png.js";
import type { Misbehaviour } from "../../support/model/model-server.js";
import type { ModelTile } from "../../support/model/model-stack.js";
import { expectedVolume } from "../../support/model/model-stack.js";

afterAll(closeSharedPools);

const roi = [
  [1, 30, 50],
  [3, 80, 145],
] as const; // 2 sections × 2 rows × 3 columns
const [lower, upper] = roi;
const isBad = ({ depth, row, col }: ModelTile): boolean => depth === 2 && row === 1 && col === 1;
const region = { fillValue: 255, lower, upper } as const;

const black = encodeGreyPng(new Uint8Array(64 * 48), 64, 48);
const isBlack: TileIsMissing = (_tile, body) => Buffer.compare(body, black) === 0;
const isHtml: TileIsMissing = (_tile, body) => body[0] === 0x3c;

describe.each(oneKind)("%s: isMissing", (_name, make) => {
  const open = (bad: Misbehaviour, options: ImageFetcherOptions) =>
    openFetcher(make, {
      script: (tile) => (isBad(tile) ? bad : undefined),
      options: { fillValue: 255, ...options },
    });

  test.each<[string, Misbehaviour, TileIsMissing]>([
    ["a black tile", { file: black }, isBlack],
    ["a page that is no image", { html: "<html>no such tile</html>" }, isHtml],
    [
      "an image that is too large",
      { file: encodeGreyPng(new Uint8Array(99 * 99), 99, 99) },
      (_, { length }) => length < 150,
    ],
    ["a truncated image", { file: black.subarray(0, 50) }, (_, { length }) => length === 50],
    ["nothing at all", { html: "" }, (_, { length }) => length === 0],
  ])("fills %s that came with status 200, reports it, and asks once", async (_what, act, isMissing) => {
    const { fetcher, server } = await open(act, { isMissing });
    const { data, report } = await fetcher.get(roi);
    expect(data).toEqual(expectedVolume(server.stack, { ...region, isMissing: isBad }).data);
    expect(report.tiles).toEqual({ planned: 12, fetched: 11, cached: 0, filled: 1, empty: 0, elsewhere: 0 });
    expect(report).toMatchObject({ retries: 0, bytes: server.bodyBytes });
    expect(report.filled).toMatchObject([
      { tile: { depth: 2, row: 1, col: 1 }, cause: "missing", url: `${server.base()}2/1_1_0.png` },
    ]);
    expect(server.requests.filter(isBad)).toHaveLength(1);
  });

  test("is thrown where missing tiles are errors", async () => {
    const { fetcher } = await open({ file: black }, { isMissing: isBlack, missingTile: "throw" });
    await expect(fetcher.get(roi)).rejects.toMatchObject({
      code: "tile-missing",
      reason: "missing",
      status: 200,
    });
  });

  test("is not asked of tiles that did not come, nor of cached ones", async () => {
    const asked: string[] = [];
    const isMissing: TileIsMissing = (tile, body) => {
      expect(tile).toBeInstanceOf(TileIndex);
      expect(body).toBeInstanceOf(Uint8Array);
      asked.push(tile.key);
      return false;
    };
    const { fetcher, server } = await open({ status: 404, body: "no such tile" }, { isMissing });
    const { data } = await fetcher.get(roi);
    expect(data).toEqual(expectedVolume(server.stack, { ...region, isMissing: isBad }).data);
    expect([asked.length, new Set(asked).size]).toEqual([11, 11]);
    await fetcher.get(roi);
    expect(asked).toHaveLength(11);
  });

  test("that says no leaves a broken tile broken, and asks again", async () => {
    const { fetcher, server } = await open({ html: "<html>" }, { isMissing: () => false });
    await expect(fetcher.get(roi)).rejects.toMatchObject({
      code: "tile-decode",
      reason: "not-an-image",
      attempts: 3,
    });
    expect(server.requests.filter(isBad)).toHaveLength(3);
  });

  test("that throws ends the fetch with its own error", async () => {
    const failure = new Error("a slip");
    const isMissing = (): boolean => {
      throw failure;
    };
    const { fetcher } = await open({ file: black }, { isMissing });
    await expect(fetcher.get(roi, { onTileError: "fill" })).rejects.toBe(failure);
  });

  test("a tile that was missing is asked for again by the next fetch", async () => {
    const { fetcher, server } = await open({ file: black }, { isMissing: isBlack });
    await fetcher.get(roi);
    server.script = () => undefined;
    const { data, report } = await fetcher.get(roi);
    expect(data).toEqual(expectedVolume(server.stack, region).data);
    expect(report.tiles).toEqual({ planned: 12, fetched: 1, cached: 11, filled: 0, empty: 0, elsewhere: 0 });
  });

  test("works with a fetch function of the caller's", async () => {
    const { fetcher, server } = await open(
      { html: "<html>" },
      { isMissing: isHtml, fetch: (input, init) => fetch(input, init) },
    );
    const { data, report } = await fetcher.get(roi);
    expect(data).toEqual(expectedVolume(server.stack, { ...region, isMissing: isBad }).data);
    expect(report.filled).toMatchObject([{ cause: "missing" }]);
  });

  test("does not make a mirror one that is down", async () => {
    const { fetcher } = await open({ html: "<html>" }, { isMissing: isHtml, failover: true });
    const { report } = await fetcher.get(roi);
    expect(report).toMatchObject({ failovers: [], filled: [{ cause: "missing" }] });
  });

  test.each([true, "black.jpg", {}])("must be a function, not %j", async (isMissing) => {
    await expect(
      open({ file: black }, { isMissing: isMissing as unknown as TileIsMissing }),
    ).rejects.toMatchObject({
      code: "invalid-option",
    });
  });
});

import { inspect } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { isCatmaidImageError } from "../../../src/errors.js";
import type { FetchReport } from "../../../src/fetch/fetch-report.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { chanceOf } from "../../support/faults/fault-chance.js";
import type { Fault } from "../../support/faults/fault-kinds.js";
import {
  bodyFaults,
  connectionFaults,
  redirectFaults,
  stalls,
  statusFaults,
} from "../../support/faults/fault-kinds.js";
import { nameOfTile, openFaultyServer, refusedOrigin, secret } from "../../support/faults/fault-server.js";
import { expectNoComplaints } from "../../support/fetching/expect-no-complaints.js";
import { bothPlaces, fetcherKinds, openFetcher } from "../../support/fetching/open-fetcher.js";
import { modelStackInfo } from "../../support/model/model-fetcher.js";
import type { ModelTile } from "../../support/model/model-stack.js";
import { expectedVolume } from "../../support/model/model-stack.js";
import { runs } from "../../support/thorough.js";

afterAll(closeSharedPools);

expectNoComplaints();

const roi = [
  [1, 30, 50],
  [3, 80, 145],
] as const; // 2 sections × 2 rows × 3 columns
const one = [
  [2, 50, 70],
  [3, 60, 80],
] as const; // a part of the bad tile alone
const all = [
  [0, 0, 0],
  [12, 107, 150],
] as const;
const isBad = ({ depth, row, col }: ModelTile): boolean => depth === 2 && row === 1 && col === 1;
const region = ([lower, upper]: typeof roi | typeof one | typeof all) =>
  ({ fillValue: 255, lower, upper }) as const;
const rejection = (fetching: Promise<unknown>): Promise<unknown> =>
  fetching.then(
    () => "no rejection",
    (error: unknown) => error,
  );

function expectTyped(error: unknown): void {
  expect(isCatmaidImageError(error), inspect(error)).toBe(true);
  for (const text of [String(error), inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error)])
    expect(text).not.toContain(secret);
}

// What a redirect leads to is the test's to know; the names are not.
const everyFault: readonly Fault[] = [
  ...connectionFaults,
  ...stalls,
  ...statusFaults,
  ...bodyFaults,
  ...redirectFaults(""),
];
const names = everyFault.map(({ name }) => name);
const retried = everyFault.filter(({ isRetried, stalls: isStall }) => isRetried && isStall === undefined);

describe.each(bothPlaces)("%s: each fault alone", (_name, make) => {
  test.each(names)("for ever: %s", async (name) => {
    const { fetcher, server, elsewhere, faults } = await openFaultyServer(
      make,
      (tile, among) => (isBad(tile) ? among.find((fault) => fault.name === name) : undefined),
      { timeoutMs: stalls.some((stall) => stall.name === name) ? 40 : 30_000 },
    );
    const fault = faults.find((candidate) => candidate.name === name);
    const error = await rejection(fetcher.get(one));
    expect(error).toMatchObject({ ...fault?.error, attempts: fault?.isRetried ? 3 : 1 });
    expectTyped(error);
    expect((error as Error).message).toMatch(/^tile at section 2, row 1, column 1 of zoom level 0: /);
    expect((error as Error).message).toContain(server.base());
    expect(JSON.stringify(elsewhere.requests)).not.toContain(secret);

    // With the fault filled, every other voxel is right, and the fill is told.
    const { data, report } = await fetcher.get(one, { onTileError: "fill" });
    expect(data.every((value) => value === 255)).toBe(true);
    expect(report.filled).toMatchObject([{ cause: "failed", error: { code: fault?.error.code } }]);
  });

  test.each(retried.map(({ name }) => name))("twice, and then the tile comes: %s", async (name) => {
    const { fetcher, server } = await openFaultyServer(
      make,
      (tile, faults) =>
        isBad(tile) && tile.attempt < 3 ? faults.find((fault) => fault.name === name) : undefined,
      { retry: { attempts: 5, baseDelayMs: 0, maxDelayMs: 0 } },
    );
    const { data, report } = await fetcher.get(roi);
    expect(data).toEqual(expectedVolume(server.stack, region(roi)).data);
    expect(report).toMatchObject({ tiles: { planned: 12, fetched: 12, cached: 0, filled: 0 }, filled: [] });
    // Node itself repeats a request that met the end of an idle connection.
    if (name.includes("reset")) expect(report.retries).toBeGreaterThanOrEqual(1);
    else expect(report.retries).toBe(2);
  });

  test.each(stalls.map(({ name }) => name))("a while, and then the tile comes: %s", async (name) => {
    const { fetcher, server } = await openFaultyServer(
      make,
      (tile, faults) => (tile.attempt === 1 ? faults.find((fault) => fault.name === name) : undefined),
      { timeoutMs: 200, retry: { attempts: 50, baseDelayMs: 0, maxDelayMs: 0 } },
    );
    const { data, report } = await fetcher.get(one);
    expect(data).toEqual(expectedVolume(server.stack, region(one)).data);
    expect(report.retries).toBeGreaterThanOrEqual(1);
  });

  test.each([404, 410] as const)("HTTP %i is missing, not broken", async (status) => {
    const { fetcher, server } = await openFaultyServer(make, (tile) =>
      isBad(tile) ? { act: { status } } : undefined,
    );
    const { data, report } = await fetcher.get(roi);
    expect(data).toEqual(expectedVolume(server.stack, { ...region(roi), isMissing: isBad }).data);
    expect(report.filled).toMatchObject([{ cause: "missing" }]);
  });

  test("a refused connection, and one that speaks no TLS", async () => {
    for (const [base, words] of [
      [await refusedOrigin(), /refused/],
      ["tls", /failed: /],
    ] as const) {
      const { fetcher } = await openFetcher(make, {
        options: { auth: { token: secret } },
        info: ({ stack, origin }) =>
          modelStackInfo(stack, [`${base === "tls" ? origin.replace("http", "https") : base}/a/`]),
      });
      const error = await rejection(fetcher.get(one));
      expect(error).toMatchObject({
        code: "tile-fetch",
        reason: "network",
        status: 0,
        attempts: 3,
        message: expect.stringMatching(words),
      });
      expectTyped(error);
    }
  });

  test("a redirect to another origin is followed where nothing is at stake, and takes no credentials along", async () => {
    for (const options of [{ auth: { token: secret } }, {}]) {
      const { fetcher, server, elsewhere } = await openFaultyServer(make, () => undefined, options);
      if (!("auth" in options)) fetcher.auth = undefined;
      server.script = ({ path }) => ({ status: 307, headers: { Location: `${elsewhere.origin}${path}` } });
      const { data, report } = await fetcher.get(roi);
      expect(data).toEqual(expectedVolume(server.stack, region(roi)).data);
      expect(report.tiles).toMatchObject({ fetched: 12, filled: 0 });
      expect(elsewhere.requests).toHaveLength(12);
      expect(JSON.stringify(elsewhere.requests)).not.toContain(secret);
    }
  });
});

// Regions of so many tiles are done in workers by the second too.
describe.each(fetcherKinds.slice(0, 2))("%s: all faults at random", (_name, make) => {
  const seed = Number(process.env["FAULT_SEED"] ?? Date.now() % 1e6);

  test.each([
    ["many attempts", 30, 0.4, 0],
    ["few attempts", 3, 0.25, 0.02],
    ["few attempts, rare faults", 4, 0.08, 0],
  ])(`${seed} (FAULT_SEED): with %s`, async (_what, attempts, rate, missing) => {
    for (let round = 0; round < runs(1); round++) {
      const absent = new Set<string>();
      const { fetcher, server, elsewhere } = await openFaultyServer(
        make,
        (tile, faults) => {
          const chance = chanceOf(seed + round, tile);
          // Lasting faults end a fetch, so a run with many attempts has none of them; stalls take their time.
          const apt = faults.filter(
            ({ isRetried, stalls: stall }) =>
              (attempts < 30 || isRetried) && (stall === undefined || chance < rate / 8),
          );
          if (chance < rate) return apt[Math.floor((chance / rate) * apt.length)];
          if (chance > 1 - missing) {
            absent.add(nameOfTile(tile));
            return { act: { status: 404 } };
          }
          return undefined;
        },
        { timeoutMs: 500, maxRequests: 16, retry: { attempts, baseDelayMs: 0, maxDelayMs: 0 } },
      );
      const outcome: unknown = await fetcher.get(all).catch((error: unknown) => ({ error }));
      if (typeof outcome === "object" && outcome !== null && "error" in outcome) {
        expectTyped(outcome.error);
        expect(attempts, inspect(outcome.error)).toBeLessThan(30);
      } else {
        const { data, report } = outcome as Awaited<ReturnType<typeof fetcher.get>>;
        const isMissing = (tile: ModelTile): boolean => absent.has(nameOfTile(tile));
        expect(data).toEqual(expectedVolume(server.stack, { ...region(all), isMissing }).data);
        expect(new Set(namesOfFilled(report))).toEqual(absent);
        expect(report.tiles.fetched + report.tiles.filled).toBe(108);
      }
      // Filled tiles are told of; all other voxels are right.
      fetcher.clearCache();
      const { data, report } = await fetcher.get(all, { onTileError: "fill" });
      const filled = new Set(namesOfFilled(report));
      expect(data).toEqual(
        expectedVolume(server.stack, { ...region(all), isMissing: (tile) => filled.has(nameOfTile(tile)) })
          .data,
      );
      expect(report.tiles.fetched + report.tiles.filled).toBe(108);
      expect(JSON.stringify(elsewhere.requests)).not.toContain(secret);
      await fetcher.close();
    }
  });

  test("a fetcher that is closed in the middle of them rejects with a ClosedError", async () => {
    const { fetcher, server } = await openFaultyServer(
      make,
      (tile, faults) => faults[Math.floor(chanceOf(seed, tile) * 2 * faults.length)],
      { retry: { attempts: 100, baseDelayMs: 0, maxDelayMs: 0 }, maxRequests: 8 },
    );
    const fetches = [all, all].map((part) => rejection(fetcher.get(part, { onTileError: "fill" })));
    await server.until(({ requests }) => requests.length >= 10);
    await Promise.all([fetcher.close(), fetcher.close()]);
    for (const error of await Promise.all(fetches)) expect(error).toMatchObject({ code: "closed" });
  });
});

function namesOfFilled({ filled }: FetchReport): readonly string[] {
  return filled.flatMap(({ tile }) => (tile === undefined ? [] : [nameOfTile(tile)]));
}

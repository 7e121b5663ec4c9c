import { afterAll, describe, expect, test } from "vitest";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { CountedSignal } from "../../support/fetching/counted-signal.js";
import { fetcherKinds, openFetcher } from "../../support/fetching/open-fetcher.js";
import { expectedVolume } from "../../support/model/model-stack.js";

afterAll(closeSharedPools);

const roi = [
  [1, 30, 50],
  [3, 80, 145],
] as const; // 2 sections × 2 rows × 3 columns
const all = [
  [0, 0, 0],
  [12, 107, 150],
] as const;
const region = { lower: roi[0], upper: roi[1] } as const;
const oneTile = [
  [5, 0, 0],
  [6, 10, 10],
] as const;

describe.each(fetcherKinds)("%s: abort", (_name, make) => {
  test.each([[new Error("enough")], ["text"], [{ any: "value" }], [null], [0]])(
    "rejects with the signal's reason, unchanged: %j",
    async (reason) => {
      const { fetcher, server } = await openFetcher(make, { script: () => "hold" });
      const controller = new AbortController();
      const fetching = fetcher.get(roi, { signal: controller.signal });
      await server.until(({ held }) => held === 12);
      controller.abort(reason);
      const got: unknown = await fetching.then(
        () => "no rejection",
        (error: unknown) => error,
      );
      expect(got).toBe(reason);
    },
  );

  test("without a reason, rejects with the platform's AbortError", async () => {
    const { fetcher } = await openFetcher(make, { script: () => "hold" });
    const controller = new AbortController();
    const fetching = fetcher.get(roi, { signal: controller.signal });
    controller.abort();
    await expect(fetching).rejects.toBe(controller.signal.reason);
    expect(controller.signal.reason).toMatchObject({ name: "AbortError" });
  });

  test("before the start makes no request", async () => {
    const { fetcher, server } = await openFetcher(make);
    const reason = new Error("before");
    await expect(fetcher.get(roi, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(fetcher.probeMirrors({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(fetcher.setFastestMirror({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await fetcher.get(oneTile);
    expect(server.paths).toEqual(["/a/5/0_0_0.png"]);
  });

  test("ends the requests that are under way, and none starts afterwards", async () => {
    const { fetcher, server } = await openFetcher(make, {
      script: () => "hold",
      options: { maxRequests: 4 },
    });
    const controller = new AbortController();
    const fetching = fetcher.get(all, { signal: controller.signal });
    await server.until(({ held }) => held === 4);
    controller.abort("enough");
    await expect(fetching).rejects.toBe("enough");
    await server.until(({ disconnects }) => disconnects === 4);
    server.script = () => undefined;
    await fetcher.get(oneTile);
    expect(server.requests).toHaveLength(5);
  });

  test("between two attempts ends the wait", async () => {
    const { fetcher, server } = await openFetcher(make, {
      script: () => ({ status: 503, headers: { "Retry-After": "86400" } }),
      options: { retry: { attempts: 2, maxDelayMs: 2 ** 31 - 1 } },
    });
    const controller = new AbortController();
    const fetching = fetcher.get(oneTile, { signal: controller.signal });
    await server.until(({ requests }) => requests.length === 1);
    controller.abort("no patience");
    await expect(fetching).rejects.toBe("no patience");
    expect(server.requests).toHaveLength(1);
  });

  test("of one fetch leaves another its tiles, asked for once", async () => {
    const { fetcher, server } = await openFetcher(make, { script: () => "hold" });
    const controller = new AbortController();
    const aborted = fetcher.get(roi, { signal: controller.signal });
    const other = fetcher.get(roi);
    await server.until(({ held }) => held === 12);
    controller.abort("mine alone");
    await expect(aborted).rejects.toBe("mine alone");
    server.release();
    const { data, report } = await other;
    expect(data).toEqual(expectedVolume(server.stack, region).data);
    expect(report).toMatchObject({ tiles: { fetched: 12, cached: 0 }, bytes: server.bodyBytes });
    expect([server.requests.length, server.disconnects]).toEqual([12, 0]);
  });

  test("of both ends the requests; a later fetch asks anew", async () => {
    const { fetcher, server } = await openFetcher(make, { script: () => "hold" });
    const controllers = [new AbortController(), new AbortController()];
    const settled = Promise.allSettled(controllers.map(({ signal }) => fetcher.get(roi, { signal })));
    await server.until(({ held }) => held === 12);
    for (const [i, controller] of controllers.entries()) controller.abort(i);
    expect((await settled).map((outcome) => outcome.status === "rejected" && outcome.reason)).toEqual([0, 1]);
    await server.until(({ disconnects }) => disconnects === 12);
    expect(fetcher.cacheStatistics.tiles).toBe(0);
    server.script = () => undefined;
    expect((await fetcher.get(roi)).data).toEqual(expectedVolume(server.stack, region).data);
    expect(server.requests).toHaveLength(24);
  });

  test("after the end changes nothing", async () => {
    const { fetcher } = await openFetcher(make);
    const controller = new AbortController();
    const first = await fetcher.get(roi, { signal: controller.signal });
    controller.abort();
    expect((await fetcher.get(roi)).data).toEqual(first.data);
  });

  test("of a fetch whose tiles are all cached", async () => {
    const { fetcher } = await openFetcher(make);
    await fetcher.get(all);
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }): void => {
      if (done === 3) controller.abort("seen enough");
    };
    await expect(fetcher.get(all, { signal: controller.signal, onProgress })).rejects.toBe("seen enough");
  });

  test("as a tile arrives leaves that tile out", async () => {
    const { fetcher } = await openFetcher(make, { options: { maxRequests: 1 } });
    const controller = new AbortController();
    const out = new Uint8Array(2 * 50 * 95).fill(255);
    const onProgress = (): void => controller.abort("seen enough");
    await expect(fetcher.get(roi, { out, signal: controller.signal, onProgress })).rejects.toBe(
      "seen enough",
    );
    expect(out.every((value) => value === 255)).toBe(true);
  });

  test("of a probe", async () => {
    const { fetcher, server } = await openFetcher(make, { script: () => "hold" });
    const controller = new AbortController();
    const probing = fetcher.setFastestMirror({ signal: controller.signal });
    await server.until(({ held }) => held === 1);
    controller.abort("no time");
    await expect(probing).rejects.toBe("no time");
    await server.until(({ disconnects }) => disconnects === 1);
  });

  test("listeners of a signal are counted, and go with the fetch", async () => {
    const { fetcher, server } = await openFetcher(make, {
      script: ({ row, col }) => (row === 2 ? { status: 404 } : col === 2 ? "hold" : undefined),
    });
    const signal = new CountedSignal();
    const fetches = Array.from({ length: 40 }, () => fetcher.get(all, { signal: signal.signal }));
    await server.until(({ held }) => held > 0);
    // However many fetches and tiles a signal guards, they share a listener.
    expect(signal.listeners).toBe(1);
    server.script = () => undefined;
    server.release();
    await Promise.all(fetches);
    expect(signal.listeners).toBe(0);
    server.script = () => ({ status: 400 });
    fetcher.clearCache();
    await expect(fetcher.get(all, { signal: signal.signal })).rejects.toMatchObject({ status: 400 });
    expect(signal.listeners).toBe(0);
  });

  test("many fetches under one signal make Node print no warning", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): number => warnings.push(warning);
    process.on("warning", onWarning);
    try {
      const { fetcher } = await openFetcher(make, { options: { maxRequests: 64 } });
      const { signal } = new AbortController();
      await Promise.all(
        Array.from({ length: 40 }, (_, i) => fetcher.get(i % 2 === 0 ? all : roi, { signal })),
      );
      // Node emits warnings a turn of its event loop later.
      await new Promise((resolve) => setImmediate(resolve));
      expect(warnings).toEqual([]);
    } finally {
      process.off("warning", onWarning);
    }
  });
});

describe.each(fetcherKinds)("%s: close", (_name, make) => {
  test("during a fetch rejects it with a ClosedError, and ends its requests", async () => {
    const { fetcher, server } = await openFetcher(make, {
      script: () => "hold",
      options: { maxRequests: 3 },
    });
    const fetches = Promise.allSettled([fetcher.get(all), fetcher.get(roi), fetcher.probeMirrors()]);
    await server.until(({ held }) => held === 4);
    await fetcher.close();
    for (const outcome of await fetches)
      expect(outcome).toMatchObject({ reason: { name: "ClosedError", code: "closed" } });
    await server.until(({ disconnects }) => disconnects === 4);
    expect(server.requests).toHaveLength(4);
  });

  test("twice, at once or one after the other, is once", async () => {
    const { fetcher, server } = await openFetcher(make, { script: () => "hold" });
    const fetching = fetcher.get(roi).catch((error: unknown) => error);
    await server.until(({ held }) => held === 12);
    await Promise.all([fetcher.close(), fetcher.close()]);
    await fetcher.close();
    await fetcher[Symbol.asyncDispose]();
    expect(await fetching).toMatchObject({ code: "closed" });
  });

  test("between two attempts, or during a write, ends the wait", async () => {
    const { fetcher, server } = await openFetcher(make, {
      script: ({ depth }) => (depth === 5 ? { status: 503, headers: { "Retry-After": "86400" } } : undefined),
      options: { retry: { attempts: 2, maxDelayMs: 2 ** 31 - 1 } },
    });
    let writing = (): void => {};
    const started = new Promise<void>((resolve) => {
      writing = resolve;
    });
    const write = (): Promise<void> => {
      writing();
      return new Promise(() => {});
    };
    const written = fetcher.get(roi, { out: { write } });
    // A server that refuses is asked for nothing else: the write has to have begun before.
    await started;
    const fetches = Promise.allSettled([written, fetcher.get(oneTile)]);
    await server.until(({ requests }) => requests.some(({ depth }) => depth === 5));
    await fetcher.close();
    for (const outcome of await fetches) expect(outcome).toMatchObject({ reason: { code: "closed" } });
  });

  test("does not wait for credentials that never come; nor does an abort", async () => {
    const { fetcher, server } = await openFetcher(make, { options: { auth: () => new Promise(() => {}) } });
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = Promise.allSettled([fetcher.get(roi, { signal }), fetcher.probeMirrors({ signal })]);
    const closed = Promise.allSettled([fetcher.get(roi), fetcher.probeMirrors()]);
    controller.abort("no patience");
    for (const outcome of await aborted) expect(outcome).toMatchObject({ reason: "no patience" });
    await fetcher.close();
    for (const outcome of await closed) expect(outcome).toMatchObject({ reason: { code: "closed" } });
    expect(server.requests).toEqual([]);
  });

  test("before anything was fetched is nothing much", async () => {
    const { fetcher, server } = await openFetcher(make);
    await fetcher.close();
    expect([server.connections, fetcher.cacheStatistics.tiles]).toEqual([0, 0]);
  });

  test("of one fetcher leaves another alone", async () => {
    const { fetcher, server } = await openFetcher(make);
    const other = await openFetcher(make, { script: () => "hold" });
    const fetching = other.fetcher.get(roi);
    await other.server.until(({ held }) => held === 12);
    await fetcher.get(roi);
    await fetcher.close();
    other.server.release();
    expect((await fetching).data).toEqual(expectedVolume(server.stack, region).data);
  });

  test("a caller's fetch function that hangs does not keep it", async () => {
    const { fetcher } = await openFetcher(make, {
      options: { fetch: () => new Promise(() => {}), timeoutMs: 2 ** 31 - 1 },
    });
    const fetches = Promise.allSettled([fetcher.get(roi), fetcher.probeMirrors()]);
    await fetcher.close();
    for (const outcome of await fetches) expect(outcome).toMatchObject({ reason: { code: "closed" } });
  });
});

import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { ImageFetcherOptions } from "../../../src/options/image-fetcher-options.js";
import type { TileIsMissing } from "../../../src/options/missing-tile.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { getFastestMirror } from "../../../src/probe/get-fastest-mirror.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";
import type { MakeFetcher } from "../../support/fetching/open-fetcher.js";
import { oneKind, openFetcher } from "../../support/fetching/open-fetcher.js";
import { encodeGreyPng } from "../../support/images/encode-grey-png.js";
import { modelStackInfo } from "../../support/model/model-fetcher.js";
import type { Misbehaviour } from "../../support/model/model-server.js";
import { ModelServer } from "../../support/model/model-server.js";
import { expectedVolume, modelStack } from "../../support/model/model-stack.js";

afterAll(closeSharedPools);

const roi = [
  [1, 0, 0],
  [2, 40, 60],
] as const; // One tile.
const region = { lower: roi[0], upper: roi[1] } as const;

const black = encodeGreyPng(new Uint8Array(64 * 48), 64, 48);

const faults: Readonly<Record<string, Misbehaviour>> = {
  refuses: { status: 403 },
  broken: { status: 500 },
  empty: { status: 404 },
  login: { html: "<!DOCTYPE html><html>Please log in</html>" },
  large: { pixels: { data: new Uint8Array(128 * 96), width: 128, height: 96 } },
  small: { pixels: { data: new Uint8Array(32 * 24), width: 32, height: 24 } },
  half: "truncate",
  blank: { file: black },
};

/** A server where each mirror but "good" has the fault that it is named after. */
const open = (make: MakeFetcher, names: readonly string[], options: ImageFetcherOptions = {}) =>
  openFetcher(make, {
    options,
    script: ({ mirror }) => faults[mirror],
    info: (server) =>
      modelStackInfo(
        server.stack,
        names.map((name) => server.base(name)),
      ),
  });

describe.each(oneKind)("%s: choosing a mirror", (_name, make) => {
  const info = (server: ModelServer) =>
    modelStackInfo(
      server.stack,
      ["a", "b"].map((name) => server.base(name)),
    );

  test("by position, by title, by itself, before and after construction", async () => {
    const { fetcher, server, warnings } = await openFetcher(make, {
      info,
      options: { preferredMirror: "mirror 1" },
    });
    const [first, second] = fetcher.stack.mirrors;
    expect(fetcher.mirror).toBe(second);
    expect((await fetcher.get(roi)).report.mirror).toEqual({ position: 1, title: "mirror 1", id: 2 });
    for (const choice of [0, "mirror 0", first ?? 0]) {
      fetcher.mirror = 1;
      fetcher.mirror = choice;
      expect(fetcher.mirror).toBe(first);
      fetcher.clearCache();
      expect((await fetcher.get(roi)).report.mirror).toEqual({ position: 0, title: "mirror 0", id: 1 });
    }
    expect(server.requests.map(({ mirror }) => mirror)).toEqual(["b", "a", "a", "a"]);
    expect(warnings).toEqual([]);
  });

  test("while a fetch is under way is for the next one", async () => {
    const { fetcher, server } = await openFetcher(make, { info, script: () => "hold" });
    const fetching = fetcher.get(roi);
    await server.until(({ held }) => held === 1);
    fetcher.mirror = 1;
    server.release();
    const { report } = await fetching;
    expect(report.mirror).toMatchObject({ position: 0 });
    expect(server.requests.map(({ mirror }) => mirror)).toEqual(["a"]);
  });

  test("a mirror that cannot be used is passed over, or refused with its reason", async () => {
    const { fetcher, server } = await openFetcher(make, {
      info: (at) => {
        const [a, b] = info(at)["mirrors"] as [object, object];
        return {
          mirrors: [
            { ...a, tile_source_type: 15 },
            { ...b, image_base: "/tiles/", position: 1 },
            { ...b, title: "good", position: 2 },
          ],
        };
      },
    });
    // The second one is relative to a page, and Node has none.
    expect(fetcher.mirror.title).toBe("good");
    expect((await fetcher.get(roi)).data).toEqual(expectedVolume(server.stack, region).data);
    for (const [choice, why] of [
      [0, "tile source type 15"],
      [1, "relative to a page"],
    ] as const) {
      expect(() => {
        fetcher.mirror = choice;
      }).toThrow(
        expect.objectContaining({ code: "unsupported-mirror", message: expect.stringContaining(why) }),
      );
    }
    expect(fetcher.mirror.title).toBe("good");
  });
});

describe.each(oneKind)("%s: probing mirrors", (_name, make) => {
  test("says of each what is wrong with it", async () => {
    const names = ["good", "refuses", "broken", "empty", "login", "large", "small", "half"];
    const { fetcher, server } = await open(make, names);
    const probes = await fetcher.probeMirrors();
    const results = probes.map((probe) =>
      probe.ok ? [true] : [false, probe.reason, probe.status, new URL(probe.url ?? "").pathname],
    );
    const path = (name: string): string => `/${name}/0/0_0_0.png`;
    expect(results).toEqual([
      [true],
      [false, "http", 403, path("refuses")],
      [false, "http", 500, path("broken")],
      [false, "missing", 404, path("empty")],
      [false, "not-an-image", 200, path("login")],
      [false, "wrong-size", 200, path("large")],
      [false, "wrong-size", 200, path("small")],
      [false, "network", 0, path("half")],
    ]);
    for (const probe of probes) if (!probe.ok) expect(probe.message.length).toBeGreaterThan(20);
    // A probe is one request: what has to be asked twice is not fast.
    expect(server.requests).toHaveLength(names.length);
    const [good] = probes;
    expect(good).toMatchObject({
      ok: true,
      mirror: fetcher.stack.mirrors[0],
      url: `${server.base("good")}0/0_0_0.png`,
    });
    expect(good?.ok && good.timeMs > 0 && good.nsPerPixel > 0).toBe(true);
  });

  test("a server that is not there is told from one that answers", async () => {
    const gone = await ModelServer.start(modelStack());
    const base = gone.base();
    await gone.close();
    const { fetcher } = await openFetcher(make, {
      info: (server) => modelStackInfo(server.stack, [base, server.base()]),
    });
    const [dead, good] = await fetcher.probeMirrors();
    expect(dead).toMatchObject({ ok: false, reason: "network", status: 0, url: `${base}0/0_0_0.png` });
    expect(good?.ok).toBe(true);
    expect((await fetcher.setFastestMirror()).position).toBe(1);
    expect(fetcher.mirror.position).toBe(1);
  });

  test("keeps to the pace of requests", async () => {
    const { fetcher, server } = await open(make, ["a", "b"], { maxRequestsPerSecond: 0.001 });
    // The only request for a long time, and from then on a worker is ready.
    await fetcher.getStackSpace([
      [0, 0, 0],
      [1, 1, 1],
    ]);
    const controller = new AbortController();
    const probing = fetcher.probeMirrors({ signal: controller.signal });
    // What a probe had sent would be there before the answers to these.
    for (let n = 0; n < 3; n++) await (await fetch(`${server.base("a")}0/0_0_0.png`)).arrayBuffer();
    expect(server.requests).toHaveLength(1 + 3);
    controller.abort("enough");
    await expect(probing).rejects.toBe("enough");
  });

  test("a body that stalls is not waited for longer than a request may take", async () => {
    const { fetcher, server } = await openFetcher(make, {
      script: () => "stall",
      options: { timeoutMs: 50 },
    });
    expect(await fetcher.probeMirrors()).toMatchObject([{ ok: false, reason: "timeout", status: 0 }]);
    expect(server.requests).toHaveLength(1);
  });

  test("the fastest is one that serves its canary, however fast the others answer", async () => {
    const names = ["refuses", "broken", "empty", "login", "large", "small", "half", "good"];
    const { fetcher, server } = await open(make, names);
    const fastest = await fetcher.setFastestMirror({ reps: 2 });
    expect(fastest).toBe(fetcher.stack.mirrors[7]);
    expect(fetcher.mirror).toBe(fastest);
    expect(server.requests.filter(({ mirror }) => mirror === "good")).toHaveLength(2);
    expect((await fetcher.get(roi)).data).toEqual(expectedVolume(server.stack, region).data);
  });

  test("a canary tile that isMissing declares missing is none", async () => {
    const isMissing: TileIsMissing = (_tile, body) => body[0] === 0x3c || Buffer.compare(body, black) === 0;
    const { fetcher } = await open(make, ["blank", "login", "good"], { isMissing });
    const declared = { ok: false, reason: "missing", status: 200, message: /isMissing declares it missing/ };
    expect(await fetcher.probeMirrors()).toMatchObject([declared, declared, { ok: true }]);
    expect(await fetcher.setFastestMirror()).toBe(fetcher.stack.mirrors[2]);
    const { fetcher: hopeless } = await open(make, ["blank", "empty"], { isMissing });
    await expect(hopeless.setFastestMirror()).rejects.toMatchObject({
      code: "no-mirror",
      message: /0 "mirror 0": the canary tile came, and isMissing declares it missing; 1 .*HTTP 404/,
    });
  });

  test("many of them at once give Node nothing to warn of", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): number => warnings.push(warning);
    process.on("warning", note);
    onTestFinished(() => {
      process.off("warning", note);
    });
    const { fetcher } = await open(make, new Array<string>(24).fill("good"));
    const { signal } = new AbortController();
    expect((await fetcher.probeMirrors({ signal })).filter(({ ok }) => ok)).toHaveLength(24);
    await fetcher.setFastestMirror({ signal });
    expect(warnings).toEqual([]);
  });

  test("where none serves its canary, an error says why of each, and the mirror stays", async () => {
    const { fetcher } = await open(make, ["broken", "login"]);
    const before = fetcher.mirror;
    await expect(fetcher.setFastestMirror()).rejects.toMatchObject({
      code: "no-mirror",
      message: expect.stringMatching(/0 "mirror 0": .*HTTP status 500.*; 1 "mirror 1": .*HTML/),
    });
    expect(fetcher.mirror).toBe(before);
  });
});

test("getFastestMirror needs no fetcher", async () => {
  const server = await ModelServer.start(modelStack(), ({ mirror }) =>
    mirror === "bad" ? { status: 500 } : undefined,
  );
  onTestFinished(() => server.close());
  const stack = ProjectStack.fromStackInfo(
    modelStackInfo(server.stack, [server.base("bad"), server.base("good")]),
  );
  expect(await getFastestMirror(stack)).toBe(stack.mirrors[1]);
  await expect(getFastestMirror(stack, { timeoutMs: 0 })).rejects.toMatchObject({ code: "invalid-option" });
  await expect(getFastestMirror(stack, { signal: AbortSignal.abort("no") })).rejects.toBe("no");
  expect(server.requests).toHaveLength(2);
});

import { inspect } from "node:util";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import type { Auth } from "../../../src/stack/mirror/auth.js";
import type { MakeFetcher } from "../../support/fetching/open-fetcher.js";
import { fetcherKinds, oneKind, openFetcher } from "../../support/fetching/open-fetcher.js";
import { modelStackInfo } from "../../support/model/model-fetcher.js";
import type { Script } from "../../support/model/model-server.js";
import { ModelServer } from "../../support/model/model-server.js";
import { modelStack } from "../../support/model/model-stack.js";

afterAll(closeSharedPools);

const roi = [
  [1, 0, 0],
  [2, 40, 100],
] as const; // Two tiles.

const basic = (user: string, password: string): string => `Basic ${btoa(`${user}:${password}`)}`;
const authorizations = (server: ModelServer): (string | string[] | undefined)[] =>
  server.requests.map(({ headers }) => headers["authorization"] ?? headers["x-authorization"]);

/** Two servers of one stack, mirrors 0 and 1. */
async function openTwo(make: MakeFetcher, options: { auth?: Auth } = {}, script?: Script) {
  const other = await ModelServer.start(modelStack(), script);
  onTestFinished(() => other.close());
  const { fetcher, server } = await openFetcher(make, {
    options,
    ...(script === undefined ? {} : { script }),
    info: (own) => modelStackInfo(own.stack, [own.base(), other.base()]),
  });
  return { fetcher, servers: [server, other] as const };
}

describe.each(oneKind)("%s: credentials", (_name, make) => {
  test.each<[string, Auth, string]>([
    ["user and password", ["me", "pass"], basic("me", "pass")],
    ["a token", { token: "abc" }, "Token abc"],
    ["a function", async () => ({ Authorization: "Bearer xyz" }), "Bearer xyz"],
  ])("%s go with every request, probes too", async (_what, auth, header) => {
    const { fetcher, server } = await openFetcher(make, { options: { auth } });
    await fetcher.get(roi);
    await fetcher.probeMirrors();
    expect(authorizations(server)).toEqual([header, header, header]);
  });

  test("none go where none were given", async () => {
    const { fetcher, server } = await openFetcher(make);
    await fetcher.get(roi);
    expect(authorizations(server)).toEqual([undefined, undefined]);
  });

  test("a function is asked before every attempt, so that it can refresh them", async () => {
    let asked = 0;
    const { fetcher, server } = await openFetcher(make, {
      script: ({ attempt }) => (attempt === 1 ? { status: 503 } : undefined),
      options: { auth: () => ({ Authorization: `Bearer ${++asked}` }) },
    });
    await fetcher.get(roi);
    expect(authorizations(server).sort()).toEqual(["Bearer 1", "Bearer 2", "Bearer 3", "Bearer 4"]);
  });

  test("a function that fails ends the fetch with its own error", async () => {
    const failure = new Error("the vault is shut");
    const { fetcher, server } = await openFetcher(make, { options: { auth: () => Promise.reject(failure) } });
    await expect(fetcher.get(roi)).rejects.toBe(failure);
    expect(server.requests).toEqual([]);
  });

  test("that no header can carry are refused before any request", async () => {
    const { fetcher, server } = await openFetcher(make, { options: { auth: { token: "very-secret\n" } } });
    const error: unknown = await fetcher.get(roi).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "invalid-option" });
    expect(inspect(error)).not.toContain("very-secret");
    expect(server.requests).toEqual([]);
  });

  test("belong to the origin of their mirror: another mirror gets none of them", async () => {
    const { fetcher, servers } = await openTwo(make, { auth: { token: "of-0" } });
    await fetcher.get(roi);
    fetcher.mirror = 1;
    expect(fetcher.auth).toBeUndefined();
    await fetcher.get(roi);
    await fetcher.probeMirrors();
    expect(authorizations(servers[0])).toEqual(["Token of-0", "Token of-0", "Token of-0"]);
    expect(authorizations(servers[1])).toEqual([undefined, undefined, undefined]);
  });

  test("each mirror may have its own, also in its address", async () => {
    const other = await ModelServer.start(modelStack());
    onTestFinished(() => other.close());
    const withUser = (base: string, user: string): string =>
      base.replace("http://", `http://${user}:p%40ss@`);
    const { fetcher, server } = await openFetcher(make, {
      info: (own) => modelStackInfo(own.stack, [withUser(own.base(), "a"), withUser(other.base(), "b")]),
    });
    await fetcher.get(roi);
    fetcher.mirror = 1;
    await fetcher.get(roi);
    expect(authorizations(server)).toEqual([basic("a", "p@ss"), basic("a", "p@ss")]);
    expect(authorizations(other)).toEqual([basic("b", "p@ss"), basic("b", "p@ss")]);
  });

  test("set after construction, or taken away, are those of the next fetch", async () => {
    const { fetcher, servers } = await openTwo(make);
    fetcher.auth = { token: "of-0" };
    fetcher.mirror = 1;
    fetcher.auth = ["of", "1"];
    for (const mirror of [0, 1]) {
      fetcher.mirror = mirror;
      fetcher.clearCache();
      await fetcher.get(roi);
    }
    fetcher.auth = undefined;
    fetcher.clearCache();
    await fetcher.get(roi);
    expect(authorizations(servers[0])).toEqual(["Token of-0", "Token of-0"]);
    expect(authorizations(servers[1])).toEqual([basic("of", "1"), basic("of", "1"), undefined, undefined]);
  });

  test("given to the fetcher go before those that the mirror has", async () => {
    const { fetcher, server } = await openFetcher(make);
    fetcher.mirror.auth = { token: "own" };
    expect(fetcher.auth).toEqual({ token: "own" });
    fetcher.auth = { token: "given" };
    await fetcher.get(roi);
    fetcher.auth = undefined;
    fetcher.clearCache();
    await fetcher.get(roi);
    expect(authorizations(server)).toEqual(["Token given", "Token given", "Token own", "Token own"]);
  });

  test("never follow a redirect to another origin", async () => {
    const thief = await ModelServer.start(modelStack());
    onTestFinished(() => thief.close());
    const { fetcher, server } = await openFetcher(make, {
      script: ({ path }) => ({ status: 302, headers: { Location: `${thief.origin}${path}` } }),
      options: { auth: { token: "very-secret" } },
    });
    await fetcher.get(roi).catch(() => {});
    expect(server.requests.length).toBeGreaterThan(0);
    expect(JSON.stringify(thief.requests)).not.toContain("very-secret");
  });

  test.each([
    ["http://catmaid.lab.invalid", (port: string) => `x@127.0.0.1:${port}/x.png`],
    ["http://127.0.0", (port: string) => `1:${port}/x.png`],
  ])("never go where a file extension leads: %s", async (image_base, extensionOf) => {
    const thief = await ModelServer.start(modelStack());
    onTestFinished(() => thief.close());
    const { fetcher } = await openFetcher(make, {
      info: (own) => {
        const [mirror] = modelStackInfo(own.stack, [image_base])["mirrors"] as [object];
        const file_extension = extensionOf(new URL(thief.origin).port);
        return { mirrors: [{ ...mirror, image_base, file_extension, tile_source_type: 10 }] };
      },
    });
    const [mirror] = fetcher.stack.mirrors;
    if (mirror !== undefined) mirror.auth = { token: "very-secret" };
    await expect(fetcher.get(roi)).rejects.toMatchObject({
      code: "no-mirror",
      message: expect.stringContaining("do not lead to the server of its image_base"),
    });
    expect((await fetcher.probeMirrors()).map(({ ok }) => ok)).toEqual([false]);
    expect(thief.requests).toEqual([]);
  });

  describe("are shown", () => {
    const secrets: readonly Auth[] = [
      ["very-secret-user", "very-secret-password"],
      { token: "very-secret-token" },
      () => ({ Authorization: "Bearer very-secret", "X-Api-Key": "very-secret" }),
    ];
    const encoded = btoa("very-secret-user:very-secret-password");
    const expectSilence = (shown: unknown): void => {
      for (const text of [
        String(shown),
        JSON.stringify(shown),
        inspect(shown, { depth: 20, showHidden: true }),
      ]) {
        expect(text).not.toContain("very-secret");
        expect(text).not.toContain(encoded);
      }
    };

    test.each(secrets)("in no error", async (auth) => {
      for (const act of [
        { status: 401 },
        { status: 403 },
        { status: 500 },
        { html: "<html>" },
        "reset",
      ] as const) {
        const { fetcher } = await openFetcher(make, { script: () => act, options: { auth } });
        const error: unknown = await fetcher.get(roi).catch((reason: unknown) => reason);
        expect(error).toMatchObject({ code: expect.stringMatching(/^tile-/) });
        expectSilence(error);
        expectSilence((error as Error).stack);
        expectSilence(await fetcher.probeMirrors());
        expectSilence(await fetcher.setFastestMirror().catch((reason: unknown) => reason));
      }
    });

    test("a 401 says what to look at", async () => {
      const { fetcher } = await openFetcher(make, { script: () => ({ status: 401 }) });
      await expect(fetcher.get(roi)).rejects.toMatchObject({
        code: "tile-fetch",
        status: 401,
        attempts: 1,
        message: expect.stringMatching(/HTTP status 401.*credentials.*auth/),
      });
    });

    test.each(secrets)(
      "in no report, no progress, no warning, and not by looking at the objects",
      async (auth) => {
        const shown: unknown[] = [];
        const { fetcher, warnings } = await openFetcher(make, {
          script: ({ col }) => (col === 1 ? { status: 404 } : undefined),
          options: { auth, preferredMirror: "no such mirror" },
          info: (server) => {
            const base = server.base().replace("http://", "http://very-secret-user:very-secret-password@");
            const [mirror] = modelStackInfo(server.stack, [base])["mirrors"] as [object];
            return { mirrors: [{ ...mirror, file_extension: "png?token=very-secret" }] };
          },
        });
        const { report } = await fetcher.get(roi, { onProgress: (state) => shown.push(state) });
        expect(report.filled).toMatchObject([
          { cause: "missing", url: expect.stringMatching(/\?token=\*\*\*$/) },
        ]);
        expect(warnings).toHaveLength(1);
        const { mirror, ...rest } = report;
        for (const one of [...shown, rest, warnings, fetcher.cacheStatistics]) expectSilence(one);
        // Its file extension is the user's own; what was taken out of its address is shown nowhere.
        for (const one of [mirror, fetcher.stack, fetcher])
          for (const text of [JSON.stringify(one), inspect(one, { depth: 20, showHidden: true })])
            expect(text).not.toContain("very-secret-");
        const missing: unknown = await fetcher
          .get(roi, { missingTile: "throw" })
          .catch((reason: unknown) => reason);
        expect(missing).toMatchObject({ code: "tile-missing" });
        expectSilence(missing);
      },
    );
  });

  test("wrong ones are refused without being shown, and change nothing", async () => {
    const { fetcher, server } = await openFetcher(make, { options: { auth: { token: "good" } } });
    const setWrong = (): void => {
      fetcher.auth = "me:very-secret" as unknown as NonNullable<ImageFetcher["auth"]>;
    };
    expect(setWrong).toThrow(expect.objectContaining({ code: "invalid-option" }));
    expect(setWrong).not.toThrow("very-secret");
    await fetcher.get(roi);
    expect(authorizations(server)).toEqual(["Token good", "Token good"]);
  });
});

describe("CATMAID's own credentials", () => {
  const client = (baseUrl: string) => ({
    projectId: 1,
    baseUrl,
    auth: { token: "of-catmaid" },
    get: async (): Promise<unknown> => {
      const info = modelStackInfo(modelStack(), [""]);
      const [mirror] = info["mirrors"] as [object];
      return { ...info, mirrors: [{ ...mirror, tile_source_type: 3, image_base: "hdf5" }] };
    },
  });

  test.each(fetcherKinds)(
    "%s: go to mirrors that ask CATMAID, not to where catmaidUrl leads instead",
    async (name) => {
      const { ImageFetcher } = await import("../../../src/fetcher/image-fetcher.js");
      const { ThreadedImageFetcher } = await import("../../../src/fetcher/threaded-image-fetcher.js");
      const Fetcher = name === "ImageFetcher" ? ImageFetcher : ThreadedImageFetcher;
      const own = await Fetcher.fromCatmaid(client("https://catmaid.example/"), 1);
      expect(own.mirror.origin).toBe("https://catmaid.example");
      expect(own.auth).toEqual({ token: "of-catmaid" });
      const path = await Fetcher.fromCatmaid(client("https://catmaid.example/"), 1, {
        catmaidUrl: "https://catmaid.example/other/",
      });
      expect(path.auth).toEqual({ token: "of-catmaid" });
      const elsewhere = await Fetcher.fromCatmaid(client("https://catmaid.example/"), 1, {
        catmaidUrl: "https://elsewhere.example/",
      });
      expect(elsewhere.mirror.origin).toBe("https://elsewhere.example");
      expect(elsewhere.auth).toBeUndefined();
    },
  );
});

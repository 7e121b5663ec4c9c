import { afterAll, describe, expect, test } from "vitest";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { entry, openMirrors, tileMirror, voxels } from "../../support/blocks/block-mirrors.js";
import { openBlocks } from "../../support/blocks/open-blocks.js";
import { oneKind } from "../../support/fetching/fetcher-kinds.js";
import type { FileFault, FileScript } from "../../support/servers/block-server.js";

afterAll(closeSharedPools);

const n5 = "n5_byhand/gzip";
const plain = "precomputed/raw/s0";
const sharded = "precomputed/sharded_defaults/s0";

describe.each(oneKind)("%s: probes of mirrors of blocks", (_name, make) => {
  const probeOf = async (name: string, script?: FileScript) => {
    const { fetcher } = await openBlocks(make, name, {
      ...(script && { script }),
      info: () => ({ canary_location: { x: 31, y: 17, z: 3 } }),
    });
    const [probe] = await fetcher.probeMirrors();
    return probe;
  };

  test.each([n5, plain, sharded, "precomputed/raw_missing/s0", "n5_byhand/missing_1_1_0"])(
    "trap 32: a canary block of %s that decodes, or that is absent, is ok",
    async (name) => {
      expect(await probeOf(name)).toMatchObject({ ok: true, timeMs: expect.any(Number) });
      const isData: FileScript = ({ file }) =>
        /attributes\.json$|info$/.test(file) ? undefined : { status: 404 };
      expect(await probeOf(name, isData)).toMatchObject({ ok: true });
    },
  );

  test.each([n5, plain])(
    "trap 32: a canary block of %s that is no block is not ok, nor is another size",
    async (name) => {
      const data =
        (fault: FileFault): FileScript =>
        ({ file }) =>
          /attributes\.json$|info$/.test(file) ? undefined : fault;
      expect(await probeOf(name, data({ html: "<html>log in</html>" }))).toMatchObject({
        ok: false,
        reason: expect.stringMatching(/^(?:not-an-image|corrupt-image|wrong-size)$/),
      });
      expect(await probeOf(name, data({ bytes: new Uint8Array(0) }))).toMatchObject({
        ok: false,
        reason: "not-an-image",
      });
      expect(await probeOf(name, data({ bytes: new Uint8Array(100).fill(1) }))).toMatchObject({
        ok: false,
      });
      expect(await probeOf(name, data({ status: 403 }))).toMatchObject({
        ok: false,
        reason: "http",
        status: 403,
      });
      expect(await probeOf(name, data({ status: 500 }))).toMatchObject({
        ok: false,
        reason: "http",
        status: 500,
      });
    },
  );

  test.each([n5, plain, sharded])("trap 32: metadata of %s that cannot be had are not ok", async (name) => {
    for (const fault of [{ status: 404 }, { status: 500 }, { html: "<html>" }, "reset"] as const) {
      expect(await probeOf(name, () => fault)).toMatchObject({ ok: false });
    }
  });

  test.each([n5, plain])(
    "a canary block of %s that the array ends in, before the stack, is ok",
    async (name) => {
      const { fetcher } = await openBlocks(make, name, {
        info: () => ({ dimension: { x: 60, y: 40, z: 30 }, canary_location: { x: 31, y: 17, z: 3 } }),
      });
      expect(await fetcher.probeMirrors()).toMatchObject([{ ok: true }]);
    },
  );

  test("the fastest of tiles and blocks is taken, never one whose canary is HTML", async () => {
    const tiles = await tileMirror(await voxels(make), () => 404);
    const { fetcher } = await openMirrors(
      make,
      (server) => [entry(n5, server.url("login")), tiles.info, entry(sharded, server.url("good"))],
      { script: ({ mirror }) => (mirror === "login" ? { html: "<html>" } : undefined) },
    );
    expect((await fetcher.setFastestMirror()).title).toBe("mirror 2");
  });
});

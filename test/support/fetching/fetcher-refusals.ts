import { describe, expect, test } from "vitest";
import type { GetOptions } from "../../../src/fetch/get-options.js";
import { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import type { ImageFetcherOptions } from "../../../src/options/image-fetcher-options.js";
import type { Roi } from "../../../src/space/roi.js";
import { modelStackInfo } from "../model/model-fetcher.js";
import type { MakeFetcher } from "./open-fetcher.js";
import { openFetcher } from "./open-fetcher.js";

const fine = [
  [0, 0, 0],
  [1, 10, 10],
] as const;

const badRois: readonly [what: string, roi: unknown][] = [
  [
    "NaN",
    [
      [0, 0, Number.NaN],
      [1, 10, 10],
    ],
  ],
  [
    "infinity",
    [
      [0, 0, 0],
      [1, 10, Number.POSITIVE_INFINITY],
    ],
  ],
  [
    "no extent",
    [
      [0, 5, 0],
      [1, 5, 10],
    ],
  ],
  [
    "lower above upper",
    [
      [0, 0, 20],
      [1, 10, 10],
    ],
  ],
  [
    "four columns",
    [
      [0, 0, 0, 0],
      [1, 10, 10, 10],
    ],
  ],
  [
    "two columns",
    [
      [0, 0],
      [10, 10],
    ],
  ],
  ["one row", [[0, 0, 0]]],
  [
    "three rows",
    [
      [0, 0, 0],
      [1, 1, 1],
      [2, 2, 2],
    ],
  ],
  [
    "text",
    [
      ["0", "0", "0"],
      ["1", "10", "10"],
    ],
  ],
  [
    "holes",
    [
      [0, undefined, 0],
      [1, 10, 10],
    ],
  ],
  ["a flat list", [0, 0, 0, 1, 10, 10]],
  ["nothing", undefined],
  ["null", null],
  [
    "too large to be exact",
    [
      [0, 0, 0],
      [1, 10, 2 ** 60],
    ],
  ],
];

const badOptions: readonly [what: string, options: unknown, code: string][] = [
  ["a fractional zoom level", { zoomLevel: 0.5 }, "invalid-zoom-level"],
  ["a zoom level as text", { zoomLevel: "1" }, "invalid-zoom-level"],
  ["a zoom level of NaN", { zoomLevel: Number.NaN }, "invalid-zoom-level"],
  ["a negative zoom level", { zoomLevel: -1 }, "invalid-zoom-level"],
  ["a zoom level beyond the pyramid", { zoomLevel: 3 }, "invalid-zoom-level"],
  ["an unknown ROI mode", { roiMode: "pixels" }, "invalid-option"],
  ["an unknown option", { zoom: 1 }, "invalid-option"],
  ["a policy that there is not", { missingTile: "skip" }, "invalid-option"],
  ["a signal that is none", { signal: {} }, "invalid-option"],
  ["no options at all", null, "invalid-option"],
];

/** Tests what every fetcher refuses before its first request. */
export function describeRefusals(name: string, make: MakeFetcher): void {
  describe(`${name}: refused before the first request`, () => {
    test("bad ROIs, in every space and by roiToScaled", async () => {
      const { fetcher, server } = await openFetcher(make);
      for (const [what, roi] of badRois) {
        const refusal = { name: "InvalidRoiError", code: "invalid-roi", message: expect.any(String) };
        for (const roiMode of ["project", "stack", "scaled"] as const) {
          const error: unknown = await fetcher
            .get(roi as Roi, { roiMode })
            .catch((reason: unknown) => reason);
          expect(error, what).toBeInstanceOf(RangeError);
          expect(error, what).toMatchObject(refusal);
          expect(() => fetcher.roiToScaled(roi as Roi, roiMode), what).toThrow(RangeError);
        }
      }
      expect(server.requests).toEqual([]);
    });

    test("bad options of a fetch", async () => {
      const { fetcher, server } = await openFetcher(make);
      for (const [what, options, code] of badOptions) {
        await expect(fetcher.get(fine, options as GetOptions), what).rejects.toMatchObject({ code });
      }
      expect(server.requests).toEqual([]);
    });

    test("levels that the stack does not have can be computed but not fetched", async () => {
      const { fetcher, server } = await openFetcher(make);
      expect(fetcher.roiToScaled(fine, "stack", 3)).toEqual([
        [0, 0, 0],
        [1, 2, 2],
      ]);
      await expect(fetcher.get(fine, { zoomLevel: 3 })).rejects.toBeInstanceOf(RangeError);
      expect(server.requests).toEqual([]);
    });

    test("levels that the mirror's layout does not have, even beside the stack", async () => {
      const { fetcher, server } = await openFetcher(make, {
        info: (at) => {
          const [mirror] = modelStackInfo(at.stack, [at.base()])["mirrors"] as [object];
          return { mirrors: [{ ...mirror, tile_source_type: 6 }] };
        },
      });
      const beside = [
        [0, 200, 0],
        [1, 210, 10],
      ] as const;
      await expect(fetcher.get(beside, { zoomLevel: 1 })).rejects.toMatchObject({
        code: "invalid-zoom-level",
      });
      expect(server.requests).toEqual([]);
    });

    test("a broken slice, where that is the policy", async () => {
      const { fetcher, server } = await openFetcher(make, {
        stack: { brokenSlices: [3] },
        options: { brokenSliceHandling: "throw" },
      });
      const touching = fetcher.get([
        [0, 0, 0],
        [5, 10, 10],
      ]);
      await expect(touching).rejects.toMatchObject({ code: "broken-slice", section: 3 });
      expect(server.requests).toEqual([]);
    });

    test("a stack that is none, options that are none", () => {
      expect(() => new ImageFetcher({} as ImageFetcher["stack"])).toThrow(
        expect.objectContaining({ code: "invalid-stack" }),
      );
      for (const info of [null, 5, "{}", [], {}, { error: "no permission" }]) {
        expect(() => make(info)).toThrow(expect.objectContaining({ code: "invalid-stack" }));
      }
      const info = { dimension: { x: 1, y: 1, z: 1 }, resolution: { x: 1, y: 1, z: 1 } };
      for (const options of [{ fillValue: 300 }, { cval: 0 }, { auth: "me:secret" }, { cacheBytes: -1 }]) {
        expect(() => make(info, options as ImageFetcherOptions)).toThrow(
          expect.objectContaining({ code: "invalid-option" }),
        );
      }
    });

    test("a stack without a mirror that can be used, with the reason", async () => {
      const { fetcher, server } = await openFetcher(make, { info: () => ({ mirrors: [] }) });
      await expect(fetcher.get(fine)).rejects.toMatchObject({ code: "no-mirror" });
      expect(() => fetcher.mirror).toThrow("the stack has no mirrors");
      expect(await fetcher.probeMirrors()).toEqual([]);
      await expect(fetcher.setFastestMirror()).rejects.toMatchObject({ code: "no-mirror" });
      expect(server.requests).toEqual([]);
    });

    test("options of a probe", async () => {
      const { fetcher, server } = await openFetcher(make);
      for (const options of [
        { reps: 0 },
        { reps: 1.5 },
        { rep: 2 },
        { normaliseByTileSize: 1 },
        { signal: 1 },
        null,
      ]) {
        const probing = fetcher.probeMirrors(options as { reps: number });
        await expect(probing).rejects.toMatchObject({ code: "invalid-option" });
        const choosing = fetcher.setFastestMirror(options as { reps: number });
        await expect(choosing).rejects.toMatchObject({ code: "invalid-option" });
      }
      expect(server.requests).toEqual([]);
    });

    test("everything, after close", async () => {
      const { fetcher, server } = await openFetcher(make);
      await fetcher.close();
      await expect(fetcher.get(fine)).rejects.toMatchObject({ name: "ClosedError", code: "closed" });
      await expect(fetcher.probeMirrors()).rejects.toMatchObject({ code: "closed" });
      await expect(fetcher.setFastestMirror()).rejects.toMatchObject({ code: "closed" });
      expect(server.requests).toEqual([]);
    });
  });
}

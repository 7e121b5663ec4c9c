import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCatmaidImageError, isTileError } from "../../../../src/errors.js";
import { openN5 } from "../../../../src/source/n5/open-n5.js";
import { Stack } from "../../../../src/stack/stack.js";
import { blockMirror, FakeServer, type FileContent } from "../../../support/blocks/block-mirror.js";
import { runs } from "../../../support/thorough.js";

const { signal } = new AbortController();

const oddNumber = fc.oneof(
  fc.integer({ min: 1, max: 100 }),
  fc.constantFrom(0, -1, 0.5, 1e300, -0, 2 ** 31, 2 ** 53),
  fc.constantFrom("5", null, true, [], {}),
);
const fewNumbers = fc.oneof(fc.array(oddNumber, { minLength: 0, maxLength: 5 }), fc.jsonValue());
const lengths = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom([9, 8, 7], [4, 4, 4], [1, 1, 1], [64, 64, 64]) },
  fewNumbers,
);
const dataType = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("uint8", "uint64", "float32") },
  fc.constantFrom("string", "object", "", "UINT16"),
  fc.jsonValue(),
);
const compression = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom({ type: "raw" }, { type: "gzip", useZlib: true }, "gzip") },
  fc.record({ type: fc.jsonValue(), useZlib: fc.jsonValue() }, { requiredKeys: [] }),
  fc.jsonValue(),
);
const extras = {
  n5: fc.constantFrom("2.5.1", 2, null),
  compressionType: fc.constantFrom("raw", "no", 5),
  downsamplingFactors: fc.oneof(fewNumbers, fc.array(fewNumbers)),
  scales: fc.oneof(fewNumbers, fc.array(fewNumbers)),
  maxId: fc.oneof(oddNumber, fc.jsonValue()),
  painteraData: fc.oneof(fc.record({ type: fc.jsonValue() }), fc.jsonValue()),
  isLabelMultiset: fc.constantFrom(true, false, "true", null),
};
const attributes = fc.record(
  { dimensions: lengths, blockSize: lengths, dataType, compression, ...extras },
  { requiredKeys: ["dimensions", "blockSize", "dataType", "compression"] },
);
const file: fc.Arbitrary<FileContent | undefined> = fc.oneof(
  { weight: 6, arbitrary: attributes },
  fc.json(),
  fc.string(),
  fc.uint8Array(),
  fc.constantFrom(0, 403, 500),
  fc.constant(undefined),
);
const imageBase = fc.constantFrom(
  "https://example.org/a/%SCALE_DATASET%/0_1_2",
  "https://example.org/a/b/%SCALE_DATASET%/raw/1_2_0?x=y",
  "https://example.org/2_1_0",
  "a/%SCALE_DATASET%/2_0_1",
);
const offset = fc.record({ x: fc.integer({ min: -9, max: 9 }), y: fc.constant(0), z: fc.constant(2) });

describe("attributes of anything at all", () => {
  it("make sources, or typed errors of one sentence", async () => {
    let [sources, levels, refusals] = [0, 0, 0];
    const run = async (
      files: readonly (FileContent | undefined)[],
      base: string,
      voxels: { x: number; y: number; z: number },
    ) => {
      let next = 0;
      const server = new FakeServer(() => files[next++ % files.length]);
      const stack = new Stack({
        dimension: { x: 9, y: 8, z: 7 },
        maxZoomLevel: 2,
        metadata: { voxelOffset: voxels },
      });
      try {
        const source = await openN5(stack, blockMirror(11, base), { channel: undefined }, server.ask, signal);
        sources++;
        for (const warning of source.warnings) expect(warning).toMatch(/^mirror 0 "blocks" [^\n]*$/);
        for (const zoomLevel of [0, 1, 2, 3]) {
          try {
            const { blockShape, held, origin } = source.level(zoomLevel);
            levels++;
            const numbers = [...blockShape, ...held.lower, ...held.upper, ...origin];
            expect(numbers.every(Number.isSafeInteger)).toBe(true);
            expect(Math.min(...blockShape)).toBeGreaterThan(0);
            expect(source.url({ level: zoomLevel, at: [0, 0, 0] })).toContain("/0/0/0");
            expect(source.codec(zoomLevel).kind).toBe("n5");
          } catch (error) {
            if (!isCatmaidImageError(error)) throw error;
            expect(error.code).toBe("invalid-zoom-level");
          }
        }
      } catch (error) {
        if (!isCatmaidImageError(error)) throw error;
        refusals++;
        expect(error.message).not.toContain("\n");
        expect(error.code === "unsupported-mirror" || isTileError(error), error.code).toBe(true);
      }
      expect(server.asked.length).toBeLessThan(24);
    };
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 6 }), imageBase, offset, run),
      { numRuns: runs(250) },
    );
    expect(sources).toBeGreaterThan(runs(12));
    expect(levels).toBeGreaterThan(runs(12));
    expect(refusals).toBeGreaterThan(runs(12));
  });
});

describe("an image_base of anything at all", () => {
  it("makes a source, or a sentence before the first request", async () => {
    const part = fc.oneof(
      fc.constantFrom(
        "%SCALE_DATASET%",
        "/",
        "//",
        "0_1_2",
        "2_1_0",
        "0_1",
        "?",
        "#",
        "..",
        "https://example.org",
        "gs:",
        "a",
        " ",
        "\\",
        "%",
        "&x=",
      ),
      fc.string({ maxLength: 5 }),
    );
    const stack = new Stack({ dimension: { x: 9, y: 8, z: 7 }, maxZoomLevel: 2 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 9 }).map((parts) => parts.join("")),
        async (base) => {
          const server = new FakeServer(() => undefined);
          const opened = openN5(stack, blockMirror(11, base), { channel: undefined }, server.ask, signal);
          const error: unknown = await opened.catch((thrown: unknown) => thrown);
          expect((error as { code?: string }).code).toBe("unsupported-mirror");
          expect(server.asked.length).toBeLessThan(24);
          for (const url of server.asked) expect(url).not.toContain("#");
        },
      ),
      { numRuns: runs(250) },
    );
  });
});

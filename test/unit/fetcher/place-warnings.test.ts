import { describe, expect, test } from "vitest";
import type { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import type { ROIMode } from "../../../src/space/roi.js";
import { fetcherOn, ModelPool, modelStackInfo } from "../../support/model/model-fetcher.js";
import { modelStack } from "../../support/model/model-stack.js";

const stack = modelStack();
const roi = [
  [1, 0, 0],
  [2, 4, 4],
] as const;

/** A fetcher for the model stack with other keys of its info, and what it warns of. */
function open(info: object, mirror: object = {}): { fetcher: ImageFetcher; warnings: string[] } {
  const warnings: string[] = [];
  const model = modelStackInfo(stack, ["http://model/tiles/"]);
  const [entry] = model["mirrors"] as [object];
  const options = { onWarning: (message: string) => warnings.push(message) };
  const fetcher = fetcherOn(new ModelPool(stack), stack, options, {
    ...model,
    ...info,
    mirrors: [{ ...entry, ...mirror }],
  });
  return { fetcher, warnings };
}

/** Fetches in each space; what lies outside the stack is fill. */
async function fetchEverywhere(fetcher: ImageFetcher): Promise<void> {
  for (const roiMode of ["stack", "scaled", "project"] as ROIMode[]) await fetcher.get(roi, { roiMode });
}

describe("metadata.voxelOffset, by which CATMAID's viewer shifts what it draws", () => {
  test.each([
    ["a list", [-3072, 0, 5]],
    ["a list of text", ["-3072", "0", "5"]],
    ["an object", { x: -3072, y: 0, z: 5 }],
  ])("is not applied, and said so once: %s", async (_what, voxelOffset) => {
    const { fetcher, warnings } = open({ metadata: { voxelOffset } });
    const voxels = (await fetcher.get(roi)).data;
    await fetchEverywhere(fetcher);
    expect(warnings).toEqual([expect.stringContaining("voxelOffset (-3072, 0, 5) is not applied")]);
    expect(voxels).toEqual((await open({}).fetcher.get(roi)).data);
  });

  test("in metadata that are text of JSON, too", async () => {
    const { fetcher, warnings } = open({ metadata: '{"voxelOffset": [1, 0, 0]}' });
    await fetchEverywhere(fetcher);
    expect(warnings).toEqual([expect.stringContaining("voxelOffset (1, 0, 0) is not applied")]);
  });

  test.each([
    ["no metadata", null],
    ["other metadata", { clamp: true }],
    ["text", "voxelOffset"],
    ["no shift", { voxelOffset: [0, 0, 0] }],
    ["null", { voxelOffset: null }],
    ["what CATMAID cannot use either", { voxelOffset: [1, 2] }],
  ])("needs no word where there is none: %s", async (_what, metadata) => {
    const { fetcher, warnings } = open({ metadata });
    await fetchEverywhere(fetcher);
    expect(warnings).toEqual([]);
  });

  test("needs no word where the mirror's offset says the same", async () => {
    const metadata = { voxelOffset: [2, 0, -1] };
    const same = open({ metadata }, { offset: [-2, 0, 1] });
    await same.fetcher.get(roi);
    expect(same.warnings).toEqual([]);
    const other = open({ metadata }, { offset: [2, 0, -1] });
    await other.fetcher.get(roi);
    expect(other.warnings).toEqual([expect.stringContaining("voxelOffset (2, 0, -1) is not applied")]);
  });
});

test("a region in nanometres of a stack that lies XZ or ZY is mapped axis by axis, and said so once", async () => {
  for (const [orientation, name] of [
    [1, "xz"],
    [2, "zy"],
  ] as const) {
    const { fetcher, warnings } = open({ orientation });
    await fetcher.get(roi);
    expect(warnings).toEqual([]);
    await fetchEverywhere(fetcher);
    await fetchEverywhere(fetcher);
    expect(warnings).toEqual([expect.stringMatching(`the stack lies ${name} .* axis by axis`)]);
  }
});

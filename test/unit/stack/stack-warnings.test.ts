import { describe, expect, it } from "vitest";
import { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";

const mirror = {
  title: "m",
  image_base: "https://tiles.example.org/",
  file_extension: "png",
  tile_width: 64,
  tile_height: 64,
  tile_source_type: 1,
  position: 0,
};
const info = {
  dimension: { x: 64, y: 64, z: 20 },
  resolution: { x: 4, y: 4, z: 40 },
  num_zoom_levels: 0,
  mirrors: [mirror],
};
const warningsOf = (changes: object): readonly string[] =>
  ProjectStack.fromStackInfo({ ...info, ...changes }).warnings;

describe("broken sections", () => {
  it.each([
    ['"5,7"', "5,7", [5, 7]],
    ['" 5 7 "', " 5 7 ", [5, 7]],
    ['"[5,7]"', "[5,7]", [5, 7]],
    ["the key broken_sections", undefined, [5, 7]],
  ])("whose meaning is plain are read without a word: %s", (_what, broken_slices, expected) => {
    const given = broken_slices === undefined ? { broken_sections: [5, 7] } : { broken_slices };
    const stack = ProjectStack.fromStackInfo({ ...info, ...given });
    expect([...stack.brokenSlices]).toEqual(expected);
    expect(stack.warnings).toEqual([]);
  });

  it.each([undefined, null, "", "null", false, {}, [], "{}", { "5": 0 }])(
    "may be none: %j",
    (broken_slices) => {
      expect(warningsOf({ broken_slices })).toEqual([]);
    },
  );

  it.each([
    [[[5, 10]], "[5,10]", []],
    [{ "5-10": 1 }, '"5-10"', []],
    [5, "5", []],
    ["5", '"5"', []],
    ["5-10", '"5-10"', []],
    ["5,7-9", '"7-9"', [5]],
    [{ "5": 1, x: 1 }, '"x"', [5]],
    [[5, 6.5, null], "[6.5,null]", [5]],
    [true, "true", []],
  ])("that cannot be read are named: %j", (broken_slices, shown, read) => {
    const stack = ProjectStack.fromStackInfo({ ...info, broken_slices });
    expect([...stack.brokenSlices]).toEqual(read);
    expect(stack.warnings).toHaveLength(1);
    expect(stack.warnings[0]).toContain(`cannot be read at ${shown}:`);
  });
});

describe("other parts of a stack info that are not read are named", () => {
  it.each([
    [{ num_zoom_levels: "many" }, 'num_zoom_levels of the stack info cannot be read at "many": taken for 0'],
    [
      { brokenSlices: [5] },
      'the stack info has "brokenSlices", which is not read: CATMAID calls it broken_slices',
    ],
    [{ "Downsample-Factors": [] }, "CATMAID calls it downsample_factors"],
    [
      { mirrors: "https://u:secret@h/" },
      "mirrors of the stack info is no list of objects: the stack has none",
    ],
    [{ mirrors: [{ ...mirror, position: "first" }] }, 'position of the stack info cannot be read at "first"'],
    [
      { mirrors: [{ ...mirror, file_extension: undefined, fileextension: "jpg" }].map(withoutUndefined) },
      'a mirror of the stack info has "fileextension", which is not read: CATMAID calls it file_extension',
    ],
  ])("%j", (changes, expected) => {
    expect(warningsOf(changes)).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    { num_zoom_levels: -1 },
    { num_zoom_levels: "3" },
    { comment: "x", attribution: "y", placeholder_color: {}, metadata: "free text" },
    { broken_slices: { "5": 1 }, brokenSlices: [5] },
  ])("and what is read, or CATMAID's own, is not: %j", (changes) => {
    expect(warningsOf(changes)).toEqual([]);
  });
});

it("a fetcher passes the warnings of its stack on", () => {
  const warnings: string[] = [];
  const onWarning = (message: string): number => warnings.push(message);
  const { stack } = ImageFetcher.fromStackInfo({ ...info, broken_slices: "5-10" }, { onWarning });
  expect(warnings).toEqual(stack.warnings);
  expect(warnings).toHaveLength(1);
});

function withoutUndefined(json: object): object {
  return JSON.parse(JSON.stringify(json));
}

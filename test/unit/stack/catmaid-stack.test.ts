import { describe, expect, it } from "vitest";
import { InvalidStackError } from "../../../src/errors.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";
import { plainInfo as info, plainMirror as mirror } from "../../support/model/plain-stack-info.js";

describe("a live CATMAID.Stack", () => {
  const live = {
    id: 42,
    title: "S",
    dimension: info.dimension,
    resolution: info.resolution,
    translation: info.translation,
    orientation: 1,
    broken_slices: [5, 7],
    downsample_factors: info.downsample_factors,
    MAX_S: 1,
    canaryLocation: info.canary_location,
    placeholderColor: { r: 0, g: 0, b: 0, a: 1 },
    metadata: null,
    voxelOffset: [0, 0, 0],
    clamp: true,
    stackToProject: () => undefined,
  };

  it.each([
    ["a list (2022)", [mirror]],
    ["an object (2024)", { "1": mirror }],
  ])("is the stack of its info; mirrors are %s", (_name, mirrors) => {
    const stack = ProjectStack.fromCatmaidStack({ ...live, mirrors }, { projectId: 7 });
    expect(JSON.stringify(stack)).toBe(JSON.stringify(ProjectStack.fromStackInfo(info)));
    expect({ ...stack, mirrors: [] }).toEqual({ ...ProjectStack.fromStackInfo(info), mirrors: [] });
  });

  it.each([
    ["a Set", new Set([5, 7])],
    [
      "another iterable",
      new Map([
        [5, 1],
        [7, 1],
      ]).keys(),
    ],
    ["a typed array", Uint16Array.of(5, 7)],
    ["numbers that are text", ["5", "7"]],
    ["JSON of an object", '{"5": 1, "6": 0, "7": 1}'],
    ["JSON of a list", "[5, 7]"],
  ])("may have its broken slices as %s", (_name, broken_slices) => {
    const stack = ProjectStack.fromCatmaidStack({ ...live, mirrors: [mirror], broken_slices });
    expect([...stack.brokenSlices]).toEqual([5, 7]);
  });

  it.each(["", "5", "null", "{", '"[5]"'])(
    "has no broken slices where they are the text %j",
    (broken_slices) => {
      expect(
        ProjectStack.fromCatmaidStack({ ...live, mirrors: [mirror], broken_slices }).brokenSlices.size,
      ).toBe(0);
    },
  );

  it("may have mirrors that a user added", () => {
    const { position: _position, ...rest } = mirror;
    const mirrors = { "1": mirror, "custom-1": { ...rest, id: "custom-1", title: "mine" } };
    const stack = ProjectStack.fromCatmaidStack({ ...live, mirrors });
    expect(stack.mirrors.map(({ id }) => id)).toEqual([1, "custom-1"]);
    expect(stack.projectId).toBeNull();
  });

  it("has the settings that the viewer's layer shows it with: maxTiles, Flix colours", () => {
    const mirrors = [
      { ...mirror, tile_source_type: 7 },
      { ...mirror, tile_source_type: 9 },
    ];
    const urls = (settings?: object | null) =>
      ProjectStack.fromCatmaidStack({ ...live, mirrors }, { settings }).mirrors.map((made) =>
        made.generateUrl(made.tileOf({ x: 0, y: 0, z: 0 })).replace(/^.*png/, ""),
      );
    const flix = {
      color: "cyan,magenta",
      minIntensity: 10,
      maxIntensity: "256,300",
      gamma: 1.5,
      quality: 80,
    };
    expect(urls({ maxTiles: 100, ...flix })).toEqual([
      "?maxTileSpecsToRender=100",
      "?color=cyan,magenta&min=10&max=256,300&gamma=1.5&quality=80",
    ]);
    expect([urls(), urls(null), urls({})]).toEqual(Array(3).fill(["", ""]));
  });

  it("may be reoriented: its translation is that of its base", () => {
    const reoriented = {
      ...live,
      mirrors: [],
      translation: { x: 3, y: 1, z: 2 },
      baseToSelfPerm: [2, 0, 1],
      selfToBasePerm: [1, 2, 0],
    };
    expect(ProjectStack.fromCatmaidStack(reoriented).translation).toEqual({ x: 1, y: 2, z: 3 });
    const nonsense = { ...reoriented, baseToSelfPerm: [0, 0, 0] };
    expect(ProjectStack.fromCatmaidStack(nonsense).translation).toEqual({ x: 3, y: 1, z: 2 });
  });

  it("is not seen to change", () => {
    const changing = { ...live, dimension: { ...live.dimension }, mirrors: [mirror], broken_slices: [1] };
    const stack = ProjectStack.fromCatmaidStack(changing);
    changing.mirrors.push(mirror);
    changing.broken_slices.push(2);
    changing.dimension.x = 1;
    expect([stack.mirrors.length, stack.brokenSlices.size, stack.dimension.x]).toEqual([1, 1, 2048]);
  });

  it.each([null, 5, {}, info, { stackToProject: () => undefined }])("is not %o", (value) => {
    expect(() => ProjectStack.fromCatmaidStack(value)).toThrow(InvalidStackError);
  });
});

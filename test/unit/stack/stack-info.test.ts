import { describe, expect, it } from "vitest";
import { InvalidStackError } from "../../../src/errors.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";
import type { StackInfo } from "../../../src/stack/stack-info.js";
import realStacks from "../../fixtures/vectors/real-stacks.json" with { type: "json" };
import { plainInfo as info, plainMirror as mirror } from "../../support/model/plain-stack-info.js";

function stackOf(changes: object = {}): ProjectStack {
  return ProjectStack.fromStackInfo({ ...info, ...changes });
}

function without(...keys: readonly (keyof StackInfo)[]): object {
  return Object.fromEntries(
    Object.entries(info).filter(([key]) => !(keys as readonly string[]).includes(key)),
  );
}

describe("a stack info", () => {
  it("says it all", () => {
    const { mirrors, ...stack } = { ...stackOf() };
    expect(stack).toEqual({
      dimension: info.dimension,
      resolution: info.resolution,
      translation: info.translation,
      orientation: "xz",
      downsampleFactors: info.downsample_factors,
      maxZoomLevel: 1,
      brokenSlices: new Set([5, 7]),
      canaryLocation: info.canary_location,
      clamp: true,
      title: "S",
      id: 42,
      projectId: 7,
      metadata: null,
    });
    expect(mirrors.map((one) => one.toJSON())).toEqual([mirror]);
    expect(
      mirrors.map(({ orientation, stackId, projectId }) => ({ orientation, stackId, projectId })),
    ).toEqual([{ orientation: "xz", stackId: 42, projectId: 7 }]);
  });

  it("needs dimension and resolution only", () => {
    const { dimension, resolution } = info;
    const stack = ProjectStack.fromStackInfo({ dimension, resolution });
    expect(stack.orientation).toBe("xy");
    expect(stack.mirrors).toEqual([]);
    expect([...stack.brokenSlices]).toEqual([]);
    expect({ id: stack.id, projectId: stack.projectId, title: stack.title }).toEqual({
      id: null,
      projectId: null,
      title: "",
    });
  });

  it.each([
    { dimension: ["2048", 1536, "460"], resolution: "(4, 4.0, 40)" },
    { dimension: { x: "2048", y: "1536.0", z: " 460 " }, resolution: [4, 4, 40] },
    { dimension: "[2048,1536,460]", resolution: { x: "4", y: "4", z: "4e1" } },
  ])("takes vectors in any of the forms that CATMAID writes: %o", (changes) => {
    expect(stackOf(changes).dimension).toEqual(info.dimension);
    expect(stackOf(changes).resolution).toEqual(info.resolution);
  });

  it.each([0, 1, 2, "0", "XY", "zy", undefined, null])("takes orientation %o", (orientation) => {
    expect(["xy", "xz", "zy"]).toContain(stackOf({ orientation }).orientation);
  });

  it.each([
    [{ "5": 1, "7": true, "9": 0, "11": null }, [5, 7]],
    [
      [7, 5],
      [5, 7],
    ],
    [
      ["5", "7"],
      [5, 7],
    ],
    [{}, []],
    [[], []],
    [null, []],
    [undefined, []],
    ["5", []],
    ["5, 7", [5, 7]],
    ["7;5", [5, 7]],
    ['{"5": 1, "6": null}', [5]],
    ["[7, 5]", [5, 7]],
    [new Set([7, 5]), [5, 7]],
    [{ x: 1, "1.5": 1, "-1": 1, "460": 1, __proto__: null }, []],
    [JSON.parse('{"__proto__": 1, "constructor": 1, "5": 1}'), [5]],
  ])("reads broken slices %o", (broken_slices, expected) => {
    expect([...stackOf({ broken_slices }).brokenSlices]).toEqual(expected);
  });

  it("reads mirrors of an object keyed by id, also those without position", () => {
    const { id: _id, position: _position, ...rest } = mirror;
    const mirrors = {
      "12": { ...rest, title: "b", position: 5 },
      "custom-1": { ...rest, title: "c" },
      "3": { ...rest, title: "a", position: 1, id: 3 },
      "custom-2": { ...rest, title: "d", position: null },
    };
    expect(stackOf({ mirrors }).mirrors.map(({ title, id, position }) => [title, id, position])).toEqual([
      ["a", 3, 1],
      ["b", "12", 5],
      ["c", "custom-1", 6],
      ["d", "custom-2", 7],
    ]);
  });

  it("keeps mirrors in their order if none has a position", () => {
    const { position: _position, title: _title, ...rest } = mirror;
    const mirrors = stackOf({ mirrors: [rest, { ...rest, id: 2 }] }).mirrors;
    expect(mirrors.map(({ id, position, title }) => [id, position, title])).toEqual([
      [1, 0, ""],
      [2, 1, ""],
    ]);
  });

  it("stays usable when a mirror is not", () => {
    const mirrors = [
      null,
      5,
      [],
      {},
      { ...mirror, tile_source_type: 11 },
      { ...mirror, tile_width: "x" },
      mirror,
    ];
    const stack = stackOf({ mirrors });
    expect(stack.mirrors.map(({ isSupported }) => isSupported)).toEqual(
      expect.arrayContaining([false, false, false, false, false, false, true]),
    );
    expect(stack.mirrors).toHaveLength(7);
    for (const one of stack.mirrors) expect(one.isSupported || Boolean(one.unsupportedReason)).toBe(true);
    for (const none of [undefined, null, 5, "x", [], {}])
      expect(stackOf({ mirrors: none }).mirrors).toEqual([]);
  });

  it("hands the mirrors what they need of it", () => {
    const stack = ProjectStack.fromStackInfo(
      {
        ...info,
        orientation: 2,
        mirrors: [
          { ...mirror, tile_source_type: 3 },
          { ...mirror, tile_source_type: 8 },
        ],
      },
      { catmaidUrl: "https://example.org/catmaid/" },
    );
    const [hdf5, dvid] = stack.mirrors;
    expect(hdf5?.origin).toBe("https://example.org");
    expect(dvid?.transposed).toBe(true);
  });

  it.each([
    [undefined, true],
    [null, true],
    [{}, true],
    [{ clamp: true }, true],
    [{ clamp: false }, false],
    [{ clamp: null }, false],
    ['{"clamp": false}', false],
    ["free text", true],
    ["", true],
    [5, true],
    [JSON.parse('{"__proto__": {"clamp": false}}'), true],
  ])("reads whether metadata %o clamp", (metadata, clamp) => {
    expect(stackOf({ metadata }).clamp).toBe(clamp);
  });

  it("keeps metadata, text that is JSON as what it says", () => {
    expect(stackOf({ metadata: '{"a": [1]}' }).metadata).toEqual({ a: [1] });
    expect(stackOf({ metadata: "free text" }).metadata).toBe("free text");
    expect(stackOf({ metadata: { b: 2 } }).metadata).toEqual({ b: 2 });
  });

  it("has the levels that it says, or CATMAID's estimate, whichever goes further", () => {
    expect(stackOf({ downsample_factors: null, num_zoom_levels: -1 }).maxZoomLevel).toBe(2);
    expect(stackOf({ downsample_factors: null, num_zoom_levels: 4 }).maxZoomLevel).toBe(4);
    expect(stackOf({ downsample_factors: [], num_zoom_levels: 1 }).maxZoomLevel).toBe(2);
    expect(stackOf({ downsample_factors: null, num_zoom_levels: 1e9 }).maxZoomLevel).toBe(2);
    expect(stackOf({ downsample_factors: null, num_zoom_levels: "x" }).maxZoomLevel).toBe(2);
    expect(
      stackOf({ downsample_factors: [[1, 1, 1], "(2, 2, 2)"], num_zoom_levels: 7 }).downsampleFactors,
    ).toEqual([
      { x: 1, y: 1, z: 1 },
      { x: 2, y: 2, z: 2 },
    ]);
  });

  describe("of an older server", () => {
    it("has one mirror beside the other keys (2016)", () => {
      const { title: _title, position: _position, id: _id, ...top } = mirror;
      const old = {
        ...without("mirrors", "canary_location", "downsample_factors"),
        ...top,
        metadata: "text",
      };
      const stack = ProjectStack.fromStackInfo({
        ...old,
        num_zoom_levels: 1,
        overlay: {},
        trakem2_project: false,
      });
      expect(stack.mirrors.map((one) => one.toJSON())).toEqual([{ ...mirror, id: null, title: "" }]);
      expect(stack.maxZoomLevel).toBe(1);
      expect(stack.canaryLocation).toEqual({ x: 0, y: 0, z: 0 });
      expect(stack.metadata).toBe("text");
    });

    it("may have null in the place of the mirrors that it does not know", () => {
      const { title: _title, position: _position, id: _id, ...top } = mirror;
      const [one, ...more] = ProjectStack.fromStackInfo({ ...info, ...top, mirrors: null }).mirrors;
      expect([one?.toJSON(), more]).toEqual([{ ...mirror, id: null, title: "" }, []]);
      for (const mirrors of [[], {}]) {
        expect(ProjectStack.fromStackInfo({ ...info, ...top, mirrors }).mirrors).toEqual([]);
      }
    });

    it("has the number of levels that it says (2018), or estimates it", () => {
      const old = without("downsample_factors");
      expect(ProjectStack.fromStackInfo({ ...old, num_zoom_levels: 0 }).maxZoomLevel).toBe(0);
      expect(ProjectStack.fromStackInfo({ ...old, num_zoom_levels: 6 }).maxZoomLevel).toBe(6);
      expect(ProjectStack.fromStackInfo({ ...old, num_zoom_levels: -1 }).maxZoomLevel).toBe(2);
    });

    it("sends its errors with status 200 (2020)", () => {
      const parse = () =>
        ProjectStack.fromStackInfo({ error: "no stack with ID 5 linked", detail: "Traceback…" });
      expect(parse).toThrow(InvalidStackError);
      expect(parse).toThrow('CATMAID sent an error instead of a stack info: "no stack with ID 5 linked"');
    });
  });

  it.each(realStacks.stacks.map((real) => [real.name, real] as const))(
    "of a real stack: %s",
    (_name, real) => {
      const facts: Readonly<Record<string, unknown>> = real.stack;
      const stack = ProjectStack.fromStackInfo({
        dimension: { x: 2048, y: 2048, z: 20 },
        ...facts,
        resolution: { x: 4, y: 4, z: 4 },
        orientation: facts["orientation"],
        mirrors: real.mirrors.map((given, position) => ({ ...given, position })),
      });
      expect(stack.mirrors).toHaveLength(real.mirrors.length);
      stack.mirrors.forEach((one, index) => {
        const type = (real.mirrors[index] as { readonly tile_source_type?: number | null }).tile_source_type;
        if (type === undefined || type === null) expect(one.isSupported).toBe(false);
      });
    },
  );
});

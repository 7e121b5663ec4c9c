import { describe, expect, it } from "vitest";
import { blockFileUrl, parseBlockAddress } from "../../../src/stack/mirror/block-address.js";

function addressOf(imageBase: string) {
  const parsed = parseBlockAddress(imageBase);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return parsed.address;
}

function problemOf(imageBase: string): string | undefined {
  const parsed = parseBlockAddress(imageBase);
  return "problem" in parsed ? parsed.problem : undefined;
}

function fileOf(imageBase: string, level = "s1"): string {
  return blockFileUrl(addressOf(imageBase), level, "4/5/6");
}

const dataset = "https://example.org/root.n5/group/%SCALE_DATASET%";

describe("trap 10: the image_base of a mirror of blocks", () => {
  it("has the level in the place of %SCALE_DATASET%, and slice dimensions at its end", () => {
    expect(addressOf(`${dataset}/0_1_2`)).toEqual({
      before: "https://example.org/root.n5/group/",
      after: "",
      hasLevels: true,
      sliceDims: [0, 1, 2],
      query: "",
    });
    expect(fileOf(`${dataset}/0_1_2`)).toBe("https://example.org/root.n5/group/s1/4/5/6");
  });

  it("may have groups behind the level", () => {
    expect(addressOf(`${dataset}/raw/x/2_1_0`)).toMatchObject({ after: "/raw/x", sliceDims: [2, 1, 0] });
    expect(fileOf(`${dataset}/raw/0_1_2`)).toBe("https://example.org/root.n5/group/s1/raw/4/5/6");
  });

  it("may have no levels", () => {
    const base = "https://example.org/root.n5/group/ds/0_1_2";
    const [before, after] = ["https://example.org/root.n5/group/ds", ""];
    expect(addressOf(base)).toEqual({ before, after, hasLevels: false, sliceDims: [0, 1, 2], query: "" });
    expect(fileOf(base)).toBe("https://example.org/root.n5/group/ds/4/5/6");
    expect(fileOf("https://example.org/0_1_2")).toBe("https://example.org/4/5/6");
  });

  it.each([
    ["0_1_2", [0, 1, 2]],
    ["0_2_1", [0, 2, 1]],
    ["1_0_2", [1, 0, 2]],
    ["1_2_0", [1, 2, 0]],
    ["2_0_1", [2, 0, 1]],
    ["2_1_0", [2, 1, 0]],
  ])("trap 9: takes the axes in the order %s", (dims, sliceDims) => {
    expect(addressOf(`${dataset}/${dims}`).sliceDims).toEqual(sliceDims);
  });

  it.each([
    ["a slash at the end", `${dataset}/0_1_2/`, ""],
    ["slashes at the end", `${dataset}/0_1_2//`, ""],
    ["space around it", ` ${dataset}/0_1_2\n`, ""],
    ["a query", `${dataset}/0_1_2?a=/b&c=1_2`, "?a=/b&c=1_2"],
    ["a slash and a query", `${dataset}/0_1_2/?token=x`, "?token=x"],
    ["a query that looks like an end", `${dataset}/0_1_2?path=/2_1_0`, "?path=/2_1_0"],
  ])("puts up with %s", (_what, base, query) => {
    expect(addressOf(base)).toMatchObject({ sliceDims: [0, 1, 2], query });
    expect(fileOf(base)).toBe(`https://example.org/root.n5/group/s1/4/5/6${query}`);
  });

  it.each([
    [
      "a query that is the path",
      "https://example.org/get?path=/v/%SCALE_DATASET%/0_1_2",
      "https://example.org/get?path=/v/s1/4/5/6",
    ],
    [
      "more text beside the level",
      "https://example.org/v-%SCALE_DATASET%.n5/0_1_2",
      "https://example.org/v-s1.n5/4/5/6",
    ],
    ["a path of the page's host", "/v/%SCALE_DATASET%/0_1_2", "/v/s1/4/5/6"],
    ["a path of the page's folder", "v/%SCALE_DATASET%/0_1_2", "v/s1/4/5/6"],
    ["nothing before the level", "%SCALE_DATASET%/0_1_2", "s1/4/5/6"],
    ["a host without a scheme", "//example.org/%SCALE_DATASET%/0_1_2", "//example.org/s1/4/5/6"],
    [
      "two slashes, which a store may need",
      "https://example.org/v//%SCALE_DATASET%//0_1_2",
      "https://example.org/v//s1//4/5/6",
    ],
  ])("as CATMAID does, takes %s", (_what, base, url) => {
    expect(fileOf(base)).toBe(url);
  });

  it.each([
    dataset,
    "",
    "https://example.org/tiles/",
    "https://0_1_2",
    "//0_1_2",
    "0_1_2",
    `${dataset}_0_1_2`,
    `${dataset}/0_1_2/raw`,
    `${dataset}/0_1_x`,
    `${dataset}/-0_1_2`,
    `${dataset}?dims=0_1_2`,
  ])("without slice dimensions says what is missing: %s", (base) => {
    expect(problemOf(base)).toMatch(
      /^has no slice dimensions in its image_base, which must end in .*\/0_1_2$/,
    );
  });

  it.each(["0_1", "0_1_2_3", "2", "0_0_1", "0_1_3", "1_2_3", "3_4_5", "0_1_99999999999999999999999"])(
    "refuses slice dimensions that are not three different axes of three: %s",
    (dims) => {
      expect(problemOf(`${dataset}/${dims}`)).toBe(
        `has the slice dimensions ${dims.slice(0, 20)} in its image_base, which must be 0, 1 and 2, in the order of x, y and z`,
      );
    },
  );

  it.each([
    "https://example.org/%SCALE_DATASET%/x/%SCALE_DATASET%/0_1_2",
    "https://example.org/%SCALE_DATASET%%SCALE_DATASET%/0_1_2",
    "https://example.org/ds/0_1_2?level=%SCALE_DATASET%",
    "https://example.org/%SCALE_DATASET%/0_1_2?level=%SCALE_DATASET%",
  ])("refuses several levels, and one in a query: %s", (base) => {
    expect(problemOf(base)).toBe("must have %SCALE_DATASET% once in its image_base, in the path");
  });

  it.each([
    "https://example.org/%SCALE_DATASET%/../0_1_2",
    "https://example.org/%SCALE_DATASET%/%2e./x/0_1_2",
  ])("refuses what is the same for all levels: %s", (base) => {
    expect(problemOf(base)).toBe(
      "asks the same address for all zoom levels: check what follows %SCALE_DATASET%",
    );
  });

  it.each([
    `${dataset}/0_1_2#`,
    "https://example.org/a#b/%SCALE_DATASET%/0_1_2",
    "https://example.org/0_1_2?a#b",
  ])("refuses a fragment: %s", (base) => {
    expect(problemOf(base)).toContain('has a "#" in its address');
  });

  it("repeats nothing that could be a credential", () => {
    for (const base of ["https://u:secret@example.org/?token=secret", "https://example.org/secret#/0_1_2"]) {
      expect(problemOf(base)).not.toContain("secret");
    }
  });
});

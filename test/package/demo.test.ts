import type { Browser, Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CatmaidClient } from "../../src/client/catmaid-client.js";
import { ImageFetcher } from "../../src/fetcher/image-fetcher.js";
import { drawSampleTile } from "../../src/sample/draw-sample.js";
import { launchChromium } from "../support/pages/open-page.js";
import { type Picture, readCanvases } from "../support/pages/read-canvases.js";
import { type ServedProcess, startDemo } from "../support/servers/served-process.js";

// One tile holds a section. The sample's voxels are 4 × 4 × 40 nm, from (2000, -1200, 800) on; sections 11 and 12 are broken.
const resolution = { x: 4, y: 4, z: 40 };
const origin = { x: 2000, y: -1200, z: 800 };

let demo: ServedProcess;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(["--dimension", "500,500,16"]), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await demo.close();
});

beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
  page.setDefaultTimeout(120_000);
  complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // Chromium logs answers of servers, too; what the page makes of them is shown in the page.
    const isAnswer = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isAnswer) complaints.push(message.text());
  });
});
afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

async function open(): Promise<void> {
  await page.goto(demo.url);
  await settled();
}

/** The page is at rest: nothing is being fetched, and the last input has been dealt with. */
async function settled(): Promise<void> {
  await page.locator("#figure[aria-busy=false]").waitFor();
}

/** The picture; fails if a pixel is transparent or not grey. */
async function picture(): Promise<Picture | undefined> {
  const [shown] = await readCanvases(page.locator("#picture"));
  return shown;
}

/** The region that the page says it shows, in voxels of level 0. */
async function region(): Promise<Record<"x" | "y" | "z", { from: number; to: number }>> {
  const cells = await page.locator("#region tr").allInnerTexts();
  const rows = cells.map((row) => row.split(/\s+/).map((cell) => cell.replaceAll(",", "")));
  const voxels = (axis: "x" | "y" | "z") => {
    const [, from, to] = rows.find(([name]) => name === axis) ?? [];
    return {
      from: (Number(from) - origin[axis]) / resolution[axis],
      to: (Number(to) - origin[axis]) / resolution[axis],
    };
  };
  return { x: voxels("x"), y: voxels("y"), z: voxels("z") };
}

/** What an xy section of the sample looks like. */
async function expectedSection(z: number, zoomLevel = 0): Promise<Picture> {
  const { x, y } = await region();
  const factor = 2 ** zoomLevel;
  const [width, height] = [(x.to - x.from) / factor, (y.to - y.from) / factor];
  const tile = { x: x.from / factor, y: y.from / factor, z, width, height, zoomLevel };
  return { width, height, grey: drawSampleTile(tile) };
}

const section = () => page.getByRole("slider", { name: /^Section/ });
const status = () => page.getByRole("status").first().innerText();
const filled = () => page.locator("#filled").innerText();

describe("the demo page", () => {
  test("shows the section of the canary location, voxel for voxel, and its place in nm", async () => {
    await open();
    expect((await region()).z).toEqual({ from: 8, to: 9 });
    expect(await picture()).toEqual(await expectedSection(8));
    expect(await status()).toMatch(/^1 tile in \d+\.\d\d s$/);
    expect(await filled()).toBe("None: every voxel came from a tile.");
    expect(await page.getByRole("application").getAttribute("aria-label")).toBe(
      "xy cut, section 8 of 16, zoom level 0",
    );
  });

  test("goes to another section and zoom level", async () => {
    await open();
    await section().fill("3");
    await settled();
    expect(await picture()).toEqual(await expectedSection(3));
    await page.getByRole("combobox", { name: "Zoom level" }).selectOption("1");
    await settled();
    expect(await picture()).toEqual(await expectedSection(3, 1));
  });

  test.each(["xz", "zy"])("cuts along %s", async (plane) => {
    await open();
    await page.getByRole("radio", { name: plane }).check({ force: true });
    await settled();
    const { x, y, z } = await region();
    const { width = 0, height = 0, grey } = (await picture()) ?? {};
    const [fromZ, toZ] = [z.from, z.to];
    expect([fromZ, toZ]).toEqual([0, 16]);
    const across = plane === "xz" ? x : z;
    const down = plane === "xz" ? z : y;
    expect([width, height]).toEqual([across.to - across.from, down.to - down.from]);
    const line = (at: number): number[] => {
      if (at === 11 || at === 12) return Array.from({ length: plane === "xz" ? width : height }, () => 0);
      const box =
        plane === "xz"
          ? { x: x.from, y: y.from, width, height: 1 }
          : { x: x.from, y: y.from, width: 1, height };
      return Array.from(drawSampleTile({ ...box, z: at }));
    };
    const sections = Array.from({ length: toZ - fromZ }, (_, i) => line(fromZ + i));
    const voxel = (row: number, column: number) =>
      plane === "xz" ? sections[row]?.[column] : sections[column]?.[row];
    expect(grey).toEqual(
      Uint8Array.from({ length: width * height }, (_, i) => voxel(Math.floor(i / width), i % width) ?? -1),
    );
    expect(await filled()).toMatch(
      /^Section 11: declared broken by the stack .*\nSection 12: declared broken/,
    );
  });

  test("says what it filled, or what it shows instead", async () => {
    await open();
    await section().fill("11");
    await settled();
    expect(await filled()).toBe("Section 11: declared broken by the stack (1 tile)");
    expect(new Set((await picture())?.grey)).toEqual(new Set([0]));
    await page.getByRole("combobox", { name: "Broken sections" }).selectOption("closest section");
    await settled();
    expect(await filled()).toBe("Section 11: broken; shows section 10");
    expect(await picture()).toEqual(await expectedSection(10));
    await page.getByRole("combobox", { name: "Broken sections" }).selectOption("refuse");
    await settled();
    expect(await page.getByRole("alert").innerText()).toContain("section 11");
    await section().fill("10");
    await settled();
    expect(await page.getByRole("alert").isVisible()).toBe(false);
  });

  test("decodes in its own thread as well, to the same voxels", async () => {
    await open();
    const byWorkers = await picture();
    await page.getByRole("combobox", { name: "Decode in" }).selectOption("this page's thread");
    await settled();
    expect(await picture()).toEqual(byWorkers);
  });

  test("follows the keyboard", async () => {
    await open();
    const before = await region();
    await page.locator("#picture").focus();
    await page.keyboard.press(".");
    await page.keyboard.press("ArrowUp");
    await settled();
    const after = await region();
    expect(after.z.from).toBe(before.z.from + 1);
    expect(before.y.from).toBeGreaterThan(0);
    expect(after.y).toEqual({ from: 0, to: before.y.to - before.y.from });
    expect(after.x).toEqual({ from: 0, to: 500 });
    expect(await picture()).toEqual(await expectedSection(9));
    await page.keyboard.press("-");
    await settled();
    expect(await page.getByRole("combobox", { name: "Zoom level" }).inputValue()).toBe("1");
  });

  test("probes the mirrors and reads from the one that is chosen", async () => {
    await page.context().route("**/tiles/1/large/**", (route) => route.fulfill({ status: 403, body: "no" }));
    await open();
    await page.getByRole("button", { name: "Probe" }).click();
    await page.getByRole("button", { name: "Probe", disabled: false }).waitFor();
    const results = page.locator("#mirrors .result");
    expect((await results.allInnerTexts()).filter((result) => result !== "").length).toBe(13);
    expect(await results.nth(0).innerText()).toMatch(/^\d+ ms$/);
    expect(await results.nth(2).innerText()).toContain("403");
    const request = page.waitForRequest(/\/tiles\/1\/imageblk\//);
    await page.getByRole("radio", { name: /^DVID imageblk/ }).check();
    await request;
    await settled();
    expect(await picture()).toEqual(await expectedSection(8));
    await page.getByRole("combobox", { name: "Zoom level" }).selectOption("1");
    await settled();
    expect(await page.getByRole("alert").innerText()).toMatch(/^Not fetched: .*zoom level 0 only/);
  });
});

describe("the demo page of other data types", () => {
  test("shows each label of 64 bits in a colour of its own", async () => {
    await page.goto(`${demo.url}?stack=4`);
    await settled();
    const { x, y, z } = await region();
    const { catmaid } = await page.evaluate<{ catmaid: string }>(
      "fetch('sample.json').then((r) => r.json())",
    );
    const labels = await ImageFetcher.fromCatmaid(new CatmaidClient({ baseUrl: catmaid, projectId: 1 }), 4);
    const { data } = await labels.getStackSpace([
      [z.from, y.from, x.from],
      [z.to, y.to, x.to],
    ]);
    await labels.close();
    const pixels = await page.locator("#picture").evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      const image = (element as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, width, height);
      return Array.from(new Uint32Array(image?.data.buffer ?? new ArrayBuffer(0)));
    });
    expect(pixels.length).toBe(data.length);
    const colours = new Map(pixels.map((pixel, i) => [data[i], pixel]));
    expect(pixels).toEqual(Array.from(data, (label) => colours.get(label)));
    expect(colours.size).toBeGreaterThan(3);
    expect(new Set(colours.values()).size).toBe(colours.size);
  });

  test("says which it shows where it has no colours for one", async () => {
    await page.context().route("**/n5/**/attributes.json", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ json: { ...(await answer.json()), dataType: "float64" } });
    });
    await page.goto(`${demo.url}?stack=4`);
    await settled();
    expect(await page.getByRole("alert").innerText()).toMatch(/uint8, uint16, uint32, uint64; .* float64$/);
  });
});

describe("the demo page without a stack", () => {
  test("says why, and has no control that would do nothing", async () => {
    await page.context().route("**/1/stack/1/info", (route) => route.fulfill({ status: 503, body: "no" }));
    await open();
    expect(await page.getByRole("alert").innerText()).toMatch(/^Not fetched: .*503/);
    expect(await page.locator("#stack-summary").innerText()).toBe("No stack to show");
    const controls = await page.locator("main :is(button, input, select)").all();
    expect(controls.length).toBeGreaterThan(8);
    for (const control of controls) expect(await control.isDisabled()).toBe(true);
  });
});

describe("the demo page on a phone", () => {
  test("scrolls as a whole alone, and has room for its figures", async () => {
    await page.setViewportSize({ width: 375, height: 700 });
    await open();
    const sizes = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const mirrors = document.querySelector("#mirrors");
      const lines = (id: string) => {
        const figure = document.querySelector(id);
        const lineHeight = figure === null ? 0 : Number.parseFloat(getComputedStyle(figure).lineHeight);
        return Math.round((figure?.clientHeight ?? 0) / lineHeight);
      };
      return {
        page: scrollWidth - clientWidth,
        mirrors: (mirrors?.scrollHeight ?? 1) - (mirrors?.clientHeight ?? 0),
        tiles: lines("#figure-tiles"),
      };
    });
    expect(sizes).toEqual({ page: 0, mirrors: 0, tiles: 1 });
  });
});

describe("a fetch that is no longer wanted", () => {
  /** Holds all tiles back until `release`; counts those that were asked for, and those whose request was aborted. */
  async function holdTiles(): Promise<{ readonly asked: number; readonly aborted: number; release(): void }> {
    const held: (() => void)[] = [];
    let isHeld = true;
    const counts = { asked: 0, aborted: 0 };
    page.on("requestfailed", () => {
      counts.aborted++;
    });
    await page.context().route("**/tiles/**", async (route) => {
      counts.asked++;
      if (isHeld) await new Promise<void>((resolve) => held.push(resolve));
      // The page may have aborted the request meanwhile.
      await route.continue().catch(() => {});
    });
    return {
      get asked() {
        return counts.asked;
      },
      get aborted() {
        return counts.aborted;
      },
      release() {
        isHeld = false;
        for (const go of held) go();
      },
    };
  }

  test("is cancelled by its button", async () => {
    await open();
    const tiles = await holdTiles();
    await section().fill("2");
    await expect.poll(() => tiles.asked).toBeGreaterThan(0);
    const cancel = page.getByRole("button", { name: "Cancel" });
    await cancel.click();
    await settled();
    await expect.poll(() => tiles.aborted).toBe(tiles.asked);
    expect(await status()).toBe("Cancelled. What had arrived is shown.");
    expect(await filled()).toBe("Not known: the fetch was cancelled.");
    expect(await cancel.isDisabled()).toBe(true);
    tiles.release();
    await section().fill("4");
    await settled();
    expect(await picture()).toEqual(await expectedSection(4));
  });

  test("is aborted by the next one, whose picture is the one that stays", async () => {
    await open();
    const tiles = await holdTiles();
    for (const z of ["1", "2", "3", "4", "5"]) await section().fill(z);
    tiles.release();
    await settled();
    expect(await picture()).toEqual(await expectedSection(5));
    expect(await page.locator("#figure-aborted").innerText()).toBe("4");
  });
});

import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawSampleTile } from "../../src/sample/draw-sample.js";
import { launchChromium } from "../support/pages/open-page.js";
import { readCanvases } from "../support/pages/read-canvases.js";
import { type ServedProcess, startDemo } from "../support/servers/served-process.js";

let demo: ServedProcess;
let browser: Browser;

beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(["--dimension", "500,500,16"]), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await demo.close();
});

/** Opens the page; its errors are added to the complaints. */
async function open(page: Page, path: string, complaints: string[] = []): Promise<void> {
  page.setDefaultTimeout(120_000);
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(`${demo.url}${path}`);
  await page.getByRole("button", { name: /^Fetch/ }).waitFor();
}

/** Opens the page, lets its widget fetch, and gives what it shows. */
async function useWidget(page: Page, path: string) {
  const complaints: string[] = [];
  await open(page, path, complaints);
  await page.getByRole("button", { name: /^Fetch/ }).click();
  await page.locator(".sections canvas").first().waitFor();
  const sections = await readCanvases(page.locator(".sections canvas"));
  const notes = await page.locator("#notes li").allInnerTexts();
  await page.evaluate("CATMAID.widget.destroy()");
  const reported = await page.evaluate<string[]>("CATMAID.reportedErrors");
  return { sections, notes, reported, complaints };
}

// 1 µm to each side of the canary location, (250, 250, 8), three sections from its own on.
const size = { width: 500, height: 500 };
const expected = [8, 9, 10].map((z) => ({ ...size, grey: drawSampleTile({ x: 0, y: 0, z, ...size }) }));

test("in a page like CATMAID's, by one script tag, in workers", async () => {
  const page = await browser.newPage();
  const { sections, notes, reported, complaints } = await useWidget(page, "catmaid-script-tag.html");
  expect(sections).toEqual(expected);
  expect(notes).toEqual([
    expect.stringMatching(/^3 × 500 × 500 voxels of 3 tiles from File-based, PNG, decoded by png-wasm$/),
  ]);
  expect(reported).toEqual([]);
  expect(complaints).toEqual([]);
  expect(await page.evaluate("typeof window.CATMAID")).toBe("undefined");
  await page.close();
});

test("the widget follows the viewer: another stack mirror is taken from its layer", async () => {
  const page = await browser.newPage();
  await open(page, "catmaid-script-tag.html");
  const showing = (mirror: number) =>
    page.evaluate(
      `project.focusedStackViewer.getLayersOfType(CATMAID.StackLayer)[0].switchToMirror(${mirror})`,
    );
  const titles = await page.evaluate<string[]>(
    "project.focusedStackViewer.primaryStack.mirrors.map(({ title }) => title)",
  );
  for (const mirror of [2, 1]) {
    await showing(mirror);
    await page.getByRole("button", { name: /^Fetch/ }).click();
    await page.locator("#notes li", { hasText: `from ${titles[mirror]},` }).waitFor();
  }
  expect(new Set(titles).size).toBe(titles.length);
  expect(await page.locator("#notes li").count()).toBe(2);
  expect(await page.evaluate("CATMAID.reportedErrors")).toEqual([]);
  await page.close();
});

test("a mirror that goes down is replaced by another, and the widget says so", async () => {
  const page = await browser.newPage();
  await open(page, "catmaid-script-tag.html");
  await page.evaluate(
    `project.focusedStackViewer.primaryStack.mirrors[0].image_base = "http://127.0.0.1:1/"`,
  );
  await page.getByRole("button", { name: /^Fetch/ }).click();
  await page.locator("#notes li", { hasText: "from File-based, PNG, then " }).waitFor();
  expect(await page.evaluate("CATMAID.reportedErrors")).toEqual([]);
  await page.close();
});

test("closing the widget during a fetch is no error: CATMAID's error dialog stays closed", async () => {
  const page = await browser.newPage();
  const complaints: string[] = [];
  await open(page, "catmaid-script-tag.html", complaints);
  await page.evaluate("CATMAID.widget.button.click(); CATMAID.widget.destroy()");
  await page.getByRole("button", { name: /^Fetch/, disabled: false }).waitFor();
  expect(await page.evaluate("CATMAID.reportedErrors")).toEqual([]);
  expect(await page.locator(".sections canvas").count()).toBe(0);
  expect(complaints).toEqual([]);
  await page.close();
});

test("an error of the fetch is one: CATMAID shows it", async () => {
  const page = await browser.newPage();
  await open(page, "catmaid-script-tag.html");
  await page.evaluate("project.focusedStackViewer.projectCoordinates = () => ({ x: NaN, y: 0, z: 0 })");
  await page.getByRole("button", { name: /^Fetch/ }).click();
  await page.getByRole("button", { name: /^Fetch/, disabled: false }).waitFor();
  expect(await page.evaluate("CATMAID.reportedErrors")).toEqual([expect.stringMatching(/ROI.*NaN/)]);
  await page.close();
});

test("a stack of labels is refused in a sentence, because the widget draws grey values", async () => {
  const page = await browser.newPage();
  await page.route("**/sample.json", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...(await answer.json()), stack: "4" } });
  });
  await open(page, "catmaid-script-tag.html");
  await page.getByRole("button", { name: /^Fetch/ }).click();
  await page.getByRole("button", { name: /^Fetch/, disabled: false }).waitFor();
  expect(await page.evaluate("CATMAID.reportedErrors")).toEqual([
    expect.stringMatching(/dataType is uint8, .* uint64/),
  ]);
  await page.close();
});

test("under default-src 'self', which forbids blob: workers and WebAssembly: the same voxels, and it says so once", async () => {
  const page = await browser.newPage();
  const { sections, notes, reported, complaints } = await useWidget(page, "strict/catmaid-script-tag.html");
  expect(sections).toEqual(expected);
  expect(notes).toEqual([
    expect.stringContaining("createWorker"),
    expect.stringMatching(/decoded by png-ts$/),
  ]);
  expect(reported).toEqual([]);
  // Chromium itself logs each worker that the policy refuses.
  expect(complaints.filter((text) => !text.includes("Content Security Policy"))).toEqual([]);
  await page.close();
});

import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawSampleTile } from "../../src/sample/draw-sample.js";
import { type DemoServer, startDemo } from "../support/demo-server.js";
import { launchChromium } from "../support/open-page.js";

let demo: DemoServer;
let browser: Browser;

beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(["--dimension", "500,500,16"]), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await demo.close();
});

/** Opens the page, lets its widget fetch, and gives what it shows. */
async function useWidget(page: Page, path: string) {
  page.setDefaultTimeout(120_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(`${demo.url}${path}`);
  await page.getByRole("button", { name: /^Fetch/ }).click();
  await page.locator(".sections canvas").first().waitFor();
  const sections = await page.locator(".sections canvas").evaluateAll((canvases) =>
    (canvases as HTMLCanvasElement[]).map((canvas) => {
      const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? {
        data: [],
      };
      return Array.from({ length: canvas.width * canvas.height }, (_, i) => data[4 * i]);
    }),
  );
  const notes = await page.locator("#notes li").allInnerTexts();
  await page.evaluate("CATMAID.widget.destroy()");
  const reported = await page.evaluate<string[]>("CATMAID.reportedErrors");
  return { sections, notes, reported, complaints };
}

// 1 µm to each side of the canary location, (250, 250, 8), three sections from its own on.
const expected = [8, 9, 10].map((z) =>
  Array.from(drawSampleTile({ x: 0, y: 0, z, width: 500, height: 500 })),
);

test("in a page like CATMAID's, by one script tag, in workers", async () => {
  const page = await browser.newPage();
  const { sections, notes, reported, complaints } = await useWidget(page, "catmaid-script-tag.html");
  expect(sections).toEqual(expected);
  expect(notes).toEqual([expect.stringMatching(/^3 × 500 × 500 voxels of 3 tiles, decoded by png-wasm$/)]);
  expect(reported).toEqual([]);
  expect(complaints).toEqual([]);
  expect(await page.evaluate("typeof window.CATMAID")).toBe("undefined");
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

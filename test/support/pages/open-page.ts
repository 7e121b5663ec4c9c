import { type Browser, chromium } from "playwright";
import { chromiumArguments, findChromium } from "./find-chromium.js";

/** Starts the system's Chromium, headless. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: [...chromiumArguments] });
}

/** The result of a visit to a page. */
export interface PageVisit<T> {
  /** Its `window.result`. */
  readonly result: T;
  /** Uncaught errors and unhandled rejections. */
  readonly errors: readonly string[];
  /** How many workers were running at the end. */
  readonly workers: number;
  /** Names of the globals that the page's scripts added. */
  readonly newGlobals: readonly string[];
}

/** Opens a page and waits for its `window.result`. */
export async function visit<T>(browser: Browser, url: string): Promise<PageVisit<T>> {
  const page = await browser.newPage();
  try {
    page.setDefaultTimeout(120_000);
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.stack ?? error.message));
    await page.addInitScript(
      "window.globalsBefore = new Set([...Object.keys(window), 'globalsBefore', 'result'])",
    );
    await page.goto(url);
    // `waitForFunction` would need 'unsafe-eval', which a policy may forbid.
    await page.waitForSelector("html[data-done]", { state: "attached" });
    // As a text: Playwright takes the voxels of an array one by one.
    const result = JSON.parse(await page.evaluate<string>("JSON.stringify(window.result)")) as T;
    const newGlobals = await page.evaluate<string[]>(
      "Object.keys(window).filter((name) => !window.globalsBefore.has(name))",
    );
    return { result, errors, workers: page.workers().length, newGlobals };
  } finally {
    await page.close();
  }
}

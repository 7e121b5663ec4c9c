import { installDebianPackage, isExecutable } from "../programs/debian-package.js";

/** Arguments with which Chromium starts quietly without a desktop, a display or the internet. */
export const chromiumArguments: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

let found: string | undefined;

/**
 * The path of Chromium: `CHROMIUM_PATH`, one of the usual places, or Debian's package, which is installed if possible.
 * Throws if there is none, because tests without a browser are never skipped.
 */
export function findChromium(): string {
  found ??= there() ?? installed();
  return found;
}

function there(): string | undefined {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH !== undefined && CHROMIUM_PATH !== "") return CHROMIUM_PATH;
  return usualPlaces.find(isExecutable);
}

function installed(): string {
  const path = installDebianPackage("chromium") ? there() : undefined;
  if (path !== undefined) return path;
  throw new Error(
    "The tests need Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH to its executable",
  );
}

/**
 * Fetches the same regions in Firefox and in Node, and compares every voxel.
 *
 *     npm run build && node test/real/check-firefox.mjs [firefox]
 *
 * In Firefox: the script-tag build, with workers and without, on a plain page and on one whose Content-Security-Policy
 * forbids blob: workers and WebAssembly; PNG and JPEG. Run by hand: it needs Firefox (Debian: firefox-esr).
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ImageFetcher } from "../../dist/index.node.js";

const [firefox = "firefox-esr"] = process.argv.slice(2);
const root = new URL("../../", import.meta.url);
const limitMs = 120_000;

const regions = [
  {
    roi: [
      [5, 4000, 5000],
      [8, 4700, 6100],
    ],
    zoomLevel: 0,
    outputOrientation: "zyx",
  },
  {
    roi: [
      [3000, 2500, 20],
      [3300, 2801, 23],
    ],
    zoomLevel: 1,
    outputOrientation: "xyz",
  },
];

/** Runs in the page. */
async function fetchAll({ infoUrl, mirrors, regions }) {
  const info = await (await fetch(infoUrl)).json();
  const results = {};
  const warnings = [];
  for (const kind of ["ThreadedImageFetcher", "ImageFetcher"]) {
    for (const preferredMirror of mirrors) {
      for (const [n, { roi, zoomLevel, outputOrientation }] of regions.entries()) {
        const options = {
          preferredMirror,
          outputOrientation,
          onWarning: (message) => warnings.push(message),
        };
        const fetcher = globalThis.CatmaidImage[kind].fromStackInfo(info, options);
        const { data, report } = await fetcher.getStackSpace(roi, { zoomLevel });
        await fetcher.close();
        const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
        const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
        results[`${kind}, mirror ${preferredMirror}, region ${n}`] = { sha256, decoders: report.decoders };
      }
    }
  }
  return { results, warnings };
}

const sample = spawn(process.execPath, ["dist/cli.js", "serve", "--json"], {
  cwd: root,
  stdio: ["ignore", "pipe", "inherit"],
});
const { url: catmaid } = JSON.parse(String((await sample.stdout[Symbol.asyncIterator]().next()).value));
const infoUrl = new URL("1/stack/1/info", catmaid).href;
const info = await (await fetch(infoUrl)).json();
const mirrors = ["png", "jpg"].map(
  (extension) => info.mirrors.find(({ file_extension: its }) => its === extension).position,
);

const expected = new Map();
for (const preferredMirror of mirrors) {
  for (const [n, { roi, zoomLevel, outputOrientation }] of regions.entries()) {
    const fetcher = ImageFetcher.fromStackInfo(info, { preferredMirror, outputOrientation });
    const { data } = await fetcher.getStackSpace(roi, { zoomLevel });
    await fetcher.close();
    expected.set(`mirror ${preferredMirror}, region ${n}`, createHash("sha256").update(data).digest("hex"));
  }
}

let failed = false;
try {
  const plain = await visit("");
  judge("plain page", plain, "-wasm");
  const strict = await visit("default-src 'self'; connect-src *");
  judge("strict page", strict, "-ts");
  check("the strict page says so once for each fetcher with workers", strict.warnings.length >= 1);
  check("the plain page warns of nothing", plain.warnings.length === 0);
} finally {
  sample.kill();
}
console.log(failed ? "BAD" : "good");
process.exitCode = failed ? 1 : 0;

function judge(page, { results, agent }, decoders) {
  console.log(agent);
  for (const [name, { sha256, decoders: ran }] of Object.entries(results)) {
    const same = sha256 === expected.get(name.slice(name.indexOf("mirror")));
    check(
      `${page}: ${name}: ${JSON.stringify(ran)}`,
      same && Object.keys(ran).every((key) => key.endsWith(decoders)),
    );
  }
  check(`${page}: every region came`, Object.keys(results).length === 2 * expected.size);
}

function check(what, holds) {
  failed ||= !holds;
  console.log(`${holds ? "right" : "WRONG"}: ${what}`);
}

/** Opens a page in a new Firefox and waits for what it sends back. */
async function visit(policy) {
  const profile = await mkdtemp(join(tmpdir(), "catmaid-image-firefox-"));
  const dist = (name) => readFile(new URL(`dist/${name}`, root));
  const task = JSON.stringify({ infoUrl, mirrors, regions });
  const main = `(${fetchAll})(${task}).catch((error) => ({ error: String(error) })).then((result) =>
    fetch("/result", { method: "POST", body: JSON.stringify({ ...result, agent: navigator.userAgent }) }));`;
  const files = {
    "/": ["text/html", '<!doctype html><script src="library.js"></script><script src="main.js"></script>'],
    "/library.js": ["text/javascript", await dist("catmaid-image.iife.js")],
    "/catmaid-image.decoders.js": ["text/javascript", await dist("catmaid-image.decoders.js")],
    "/main.js": ["text/javascript", main],
  };
  let browser;
  const { promise, server } = pageServer(files, policy);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const url = `http://127.0.0.1:${server.address().port}/`;
    browser = spawn(firefox, ["--headless", "--no-remote", "--profile", profile, url], { stdio: "ignore" });
    const lost = new Promise((_, reject) => browser.once("error", reject));
    const late = new Promise((_, reject) =>
      setTimeout(reject, limitMs, new Error("Firefox sent nothing")).unref(),
    );
    const result = await Promise.race([promise, lost, late]);
    if (result.error !== undefined) throw new Error(`in Firefox: ${result.error}`);
    return result;
  } finally {
    browser?.kill();
    await new Promise((resolve) => (browser?.exitCode === null ? browser.once("exit", resolve) : resolve()));
    server.closeAllConnections();
    server.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function pageServer(files, policy) {
  let settle;
  const promise = new Promise((resolve) => {
    settle = resolve;
  });
  const server = createServer(async (request, response) => {
    if (request.method === "POST") {
      const chunks = await request.toArray();
      response.end();
      settle(JSON.parse(Buffer.concat(chunks).toString()));
      return;
    }
    const [type, body] = files[request.url] ?? [];
    if (type === undefined) response.writeHead(404).end();
    else
      response
        .writeHead(200, { "Content-Type": type, ...(policy && { "Content-Security-Policy": policy }) })
        .end(body);
  });
  return { promise, server };
}

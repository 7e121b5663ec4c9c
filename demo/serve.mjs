/**
 * `npm run demo`: serves the demo pages, built on dist/, and a sample CATMAID beside them.
 *
 *   --port 8080             where the pages are; 0 takes a free port
 *   --catmaid URL           a CATMAID of your own instead of the sample, with --project 1 --stack 1
 *   --dimension, --delay    passed on to the sample, see `catmaid-image serve --help`
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = new URL("../", import.meta.url);
const values = readOptions();
const port = Number(values.port);

const catmaid = values.catmaid ?? (await startSampleCatmaid());
const sample = { catmaid, project: values.project, stack: values.stack };

/** All files that are served, by path. */
const pages = {
  "/": fileOf("demo/index.html", "text/html"),
  "/demo.css": fileOf("demo/demo.css", "text/css"),
  "/icon.svg": fileOf("demo/icon.svg", "image/svg+xml"),
  "/main.js": { type: "text/javascript", body: bundleOfDemo },
  "/sample.json": { type: "application/json", body: async () => JSON.stringify(sample) },
  "/catmaid-script-tag.html": fileOf("demo/catmaid-script-tag.html", "text/html"),
  "/catmaid-script-tag.js": fileOf("demo/catmaid-script-tag.js", "text/javascript"),
  "/mock-catmaid.js": fileOf("demo/mock-catmaid.js", "text/javascript"),
  "/catmaid-image.iife.js": fileOf("dist/catmaid-image.iife.js", "text/javascript"),
  "/catmaid-image.decoders.js": fileOf("dist/catmaid-image.decoders.js", "text/javascript"),
  "/worker.js": fileOf("dist/worker.js", "text/javascript"),
};

/** The same pages below /strict/, with the policy of a site that forbids blob: workers, WebAssembly and inline code. */
const strictPolicy = `default-src 'self'; connect-src 'self' ${new URL(catmaid).origin}`;

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});

server.on("error", ({ code, message }) => {
  fail(
    code === "EADDRINUSE"
      ? `port ${port} is in use: give another with --port, or 0 for a free one`
      : `port ${port} cannot be listened on (${message}): give another with --port, or 0 for a free one`,
  );
});
server.listen(port, "127.0.0.1", () => {
  const { port: actualPort } = server.address();
  console.log(`Demo:             http://127.0.0.1:${actualPort}/`);
  console.log(`Script-tag page:  http://127.0.0.1:${actualPort}/catmaid-script-tag.html`);
  console.log(`CATMAID:          ${catmaid}`);
});

function readOptions() {
  const options = {
    port: { type: "string", default: "8080" },
    catmaid: { type: "string" },
    project: { type: "string", default: "1" },
    stack: { type: "string", default: "1" },
    dimension: { type: "string" },
    delay: { type: "string" },
  };
  try {
    const { values } = parseArgs({ options });
    if (!/^\d+$/.test(values.port) || Number(values.port) > 65_535)
      fail(`--port must be a whole number from 0 to 65535, not "${values.port}"`, 2);
    // The value is not repeated, because it may hold a password.
    if (values.catmaid !== undefined && !isHttpUrl(values.catmaid))
      fail("--catmaid must be an http or https URL, such as https://example.org/catmaid/", 2);
    return values;
  } catch (error) {
    return fail(error.message.split(/\. |\n/)[0].replace(/\.$/, ""), 2);
  }
}

function isHttpUrl(text) {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Prints one sentence and exits. */
function fail(sentence, code = 1) {
  console.error(`demo: ${sentence}`);
  process.exit(code);
}

async function answer(request, response) {
  // Only the path is used. The text before it need not be a valid URL.
  const [, pathname = "/"] = /^(?:[a-z]+:\/\/[^/?#]*)?([^?#]*)/i.exec(request.url ?? "") ?? [];
  const isStrict = pathname.startsWith("/strict/");
  const page = pages[isStrict ? pathname.slice("/strict".length) : pathname];
  if (page === undefined) {
    response.writeHead(404, { "Content-Type": "text/plain" }).end("There is no such page\n");
    return;
  }
  const body = await page.body();
  const policy = isStrict ? { "Content-Security-Policy": strictPolicy } : {};
  response.writeHead(200, {
    "Content-Type": `${page.type}; charset=utf-8`,
    "Cache-Control": "no-store",
    ...policy,
  });
  response.end(body);
}

function fileOf(path, type) {
  return { type, body: () => readFile(new URL(path, root)) };
}

/** Bundles the page's script and the package into one file, as an application's build would. */
async function bundleOfDemo() {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: ["demo/main.ts"],
    bundle: true,
    format: "esm",
    target: "es2022",
    sourcemap: "inline",
    write: false,
    logLevel: "error",
  });
  return outputFiles[0].text;
}

/** Starts the command line's sample server; it ends with this process. Resolves with its URL. */
function startSampleCatmaid() {
  const cli = fileURLToPath(new URL("dist/cli.js", root));
  if (!existsSync(cli)) fail("there is no dist/cli.js to serve the sample with: run `npm run build` first");
  const passedOn = ["dimension", "delay"].flatMap((name) =>
    values[name] ? [`--${name}`, values[name]] : [],
  );
  const child = spawn(process.execPath, [cli, "serve", ...passedOn], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.on("exit", () => child.kill());
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
  return new Promise((resolve) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      const url = /https?:\/\/\S+/.exec(text);
      if (url !== null) resolve(url[0]);
    });
    child.on("exit", (code) => {
      // The sample server has already printed its error.
      process.exit(code || 1);
    });
  });
}

/**
 * `npm run demo`: serves the demo pages, built on dist/, and a sample CATMAID beside them.
 *
 *   --port 8080             where the pages are; 0 takes a free port
 *   --catmaid URL           a CATMAID of your own instead of the sample, with --project 1 --stack 1
 *   --dimension, --delay    passed on to the sample, see `catmaid-image serve --help`
 */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = new URL("../", import.meta.url);
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    catmaid: { type: "string" },
    project: { type: "string", default: "1" },
    stack: { type: "string", default: "1" },
    dimension: { type: "string" },
    delay: { type: "string" },
  },
});

const catmaid = values.catmaid ?? (await startSampleCatmaid());
const sample = { catmaid, project: values.project, stack: values.stack };

/** Everything that is served, by path. */
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
  "/worker.js": fileOf("dist/worker.js", "text/javascript"),
};

/** The same pages below /strict/, as a site serves them that forbids blob: workers, WebAssembly and inline code. */
const strictPolicy = `default-src 'self'; connect-src 'self' ${new URL(catmaid).origin}`;

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});

server.listen(Number(values.port), "127.0.0.1", () => {
  const { port } = server.address();
  console.log(`Demo:             http://127.0.0.1:${port}/`);
  console.log(`Script-tag page:  http://127.0.0.1:${port}/catmaid-script-tag.html`);
  console.log(`CATMAID:          ${catmaid}`);
});

async function answer(request, response) {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
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

/** The page's script and the package in one file, as an application's own build would make it. */
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
      console.error("The sample server could not be started. Has `npm run build` been run?");
      process.exit(code || 1);
    });
  });
}

/**
 * Runs two tasks of a plan at once against nginx with `limit_req`, and counts in nginx's own log what it was asked for.
 *
 *     npm run build:js && node test/real/tasks-against-nginx.mjs
 *
 * Needs nginx (`NGINX_PATH`, or the one in the path). Run by hand.
 *
 * Last result, 2026-11-28, nginx 1.22.1, which lets 24 requests per second through: with `--max-rate 20` 160 requests, 18.4 per second and at
 * most 21 within one, none refused; without it 248 requests, of which 88 were answered with 503; all tasks done.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort, startNginx } from "../support/servers/nginx.mjs";
import { serveSample } from "./served-sample.mjs";

const cli = new URL("../../dist/cli.js", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "catmaid-image-nginx-"));
/** Requests per second that nginx lets through, and that a plan may ask for. */
const [allowed, planned] = [24, 20];

function run(...words) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`catmaid-image ${words.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}

function start(...words) {
  const child = spawn(process.execPath, [cli, ...words], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return new Promise((resolve) => child.on("close", resolve));
}

/** What nginx was asked for: time in s, and status. */
function requests() {
  const lines = readFileSync(join(folder, "access.log"), "utf8").trim().split("\n");
  return lines.map((line) => line.split(" ").map(Number)).sort(([a], [b]) => a - b);
}

/** Most requests within any second. */
function mostInASecond(times) {
  let [most, from] = [0, 0];
  for (const [to, time] of times.entries()) {
    while (time - times[from] >= 1) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

const sample = await serveSample([1024, 768, 40]);
const port = await freePort();
const http = `
  log_format times "$msec $status";
  access_log ${folder}/access.log times;
  limit_req_zone $server_port zone=tiles:1m rate=${allowed}r/s;
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass ${sample.url}; limit_req zone=tiles burst=10 nodelay; }
  }
`;
let nginx;
try {
  nginx = await startNginx(folder, http, `http://127.0.0.1:${port}/1/stack/1/info`);
  const stack = JSON.parse(await (await fetch(`${sample.url}1/stack/1/info`)).text());
  const text = JSON.stringify(stack).replaceAll(new URL(sample.url).host, `127.0.0.1:${port}`);
  writeFileSync(join(folder, "stack.json"), text);
  for (const limits of [["--max-rate", String(planned)], []]) {
    const name = limits.length > 0 ? "rate" : "free";
    const output = [`${name}.ome.zarr`, "--plan", `${name}.json`];
    const layout = ["--chunk", "8,128,128", "--task-size", "1MiB", "--concurrent", "2"];
    run("export", "plan", "stack.json", "--roi", "all", "-o", ...output, ...layout, ...limits, "--quiet");
    const { stages } = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
    const half = Math.floor(stages[0].tasks / 2);
    writeFileSync(join(folder, "access.log"), "");
    nginx.kill("SIGUSR1");
    const ranges = [`0-${half - 1}`, `${half}-${stages[0].tasks - 1}`];
    const codes = await Promise.all(
      ranges.map((tasks) => start("export", "run", `${name}.json`, "--tasks", tasks, "-q")),
    );
    run("export", "finish", `${name}.json`, "-q");
    await delay(200);
    const seen = requests();
    const refused = seen.filter(([, status]) => status === 503).length;
    const most = mostInASecond(seen.map(([time]) => time));
    const seconds = seen[seen.length - 1][0] - seen[0][0];
    console.log(
      `${name}: two tasks at a time, ${stages[0].tasks} in all, ended with ${codes.join(" and ")}: ${seen.length} requests in ` +
        `${seconds.toFixed(1)} s (${(seen.length / seconds).toFixed(1)}/s), at most ${most} within a second, ${refused} answered with 503`,
    );
    const isFine =
      codes.every((code) => code === 0) && (name === "free" || (refused === 0 && most <= planned + 2));
    if (!isFine) process.exitCode = 1;
  }
} finally {
  nginx?.kill();
  sample.close();
  rmSync(folder, { recursive: true, force: true });
}

/** nginx for benchmarks and checks by hand. Plain JavaScript, because scripts that nothing bundles use it too. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A configuration whose files are all in a folder. `http`: the content of its block of that name. */
export function nginxConfiguration(folder, http) {
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
    ${process.getuid?.() === 0 ? "user root;" : ""}
    daemon off; worker_processes 2; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 1024; }
    http {
      ${places.map((place) => `${place}_temp_path ${folder}/${place};`).join(" ")}
      ${http}
    }
  `;
}

/** Starts nginx (`NGINX_PATH`, or the one in the path) in a folder. Resolves when it serves a URL. */
export async function startNginx(folder, http, url) {
  const file = join(folder, "nginx.conf");
  writeFileSync(file, nginxConfiguration(folder, http));
  const { NGINX_PATH = "nginx" } = process.env;
  const child = spawn(NGINX_PATH, ["-p", folder, "-c", file], { stdio: "inherit" });
  child.on("error", (error) => console.error(`this needs nginx: ${error.message}`));
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return child;
    await delay(50);
  }
  child.kill();
  throw new Error(`nginx does not serve ${url}`);
}

/** Below the ports of outgoing connections: a client that asks a server which is down can end up connected to itself. */
export async function freePort() {
  for (;;) {
    const wanted = 20_000 + Math.floor(12_000 * Math.random());
    const server = createServer();
    const isFree = await new Promise((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(wanted, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return wanted;
  }
}

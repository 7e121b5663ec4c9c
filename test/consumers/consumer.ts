import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { inject, onTestFinished } from "vitest";
import type { ConsumerPackage } from "./consumer-package.js";
import packageVersions from "./package-versions.json" with { type: "json" };
import { stacksOf } from "./region-result.js";

/** A project of somebody who uses the package: its dependencies installed by npm, from the packed file. */
export class Consumer {
  readonly folder: string;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(folder: string) {
    this.folder = folder;
    const path = `${join(folder, "node_modules/.bin")}:${process.env["PATH"]}`;
    // What Vitest sets is not a consumer's environment: bundlers would make a test build of it, and print in colour.
    const { NODE_ENV: _, VITEST: __, FORCE_COLOR: ___, ...environment } = process.env;
    this.#environment = { ...environment, PATH: path, NO_COLOR: "1", CI: "1", NEXT_TELEMETRY_DISABLED: "1" };
  }

  /** Installs the package and others, beside `fetch-region.js`, its task, and the files that are given. */
  static async install(
    packages: readonly ConsumerPackage[],
    files: Readonly<Record<string, string>>,
  ): Promise<Consumer> {
    const folder = mkdtempSync(join(tmpdir(), "catmaid-image-consumer-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    const task = { stacks: stacksOf(inject("tileServer").url, inject("consumerBlocks")) };
    const all = {
      "package.json": '{"private":true,"type":"module"}',
      "fetch-region.js": readFileSync(new URL("fetch-region.js", import.meta.url), "utf8"),
      "task.js": `export const task = ${JSON.stringify(task)};\n`,
      ...files,
    };
    for (const [name, text] of Object.entries(all)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const consumer = new Consumer(folder);
    const wanted = packages.map((name) => `${name}@${packageVersions[name]}`);
    // Install scripts would download or compile what the packages for this platform hold already.
    const options = "--ignore-scripts --no-audit --no-fund --save-exact";
    await consumer.run(`npm install ${options} ${inject("packed").tarball} ${wanted.join(" ")}`);
    return consumer;
  }

  /** Runs a command as in a script of its `package.json`; rejects, with what it printed, if it fails. */
  async run(command: string): Promise<void> {
    try {
      await promisify(execFile)("sh", ["-c", command], {
        cwd: this.folder,
        env: this.#environment,
        maxBuffer: 100_000_000,
      });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${command} failed:\n${`${stdout}\n${stderr}`.slice(-4000)}`);
    }
  }

  /** Starts a command that serves pages until the end of the test; resolves to the address when it has printed it. */
  serve(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      // A group of its own, so that the processes that it starts end with it.
      const server = spawn("sh", ["-c", command], {
        cwd: this.folder,
        env: this.#environment,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      onTestFinished(() => {
        process.kill(-Number(server.pid));
      });
      let printed = "";
      const look = (text: string): void => {
        printed += text;
        const url = /http:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(printed)?.[0];
        if (url !== undefined) resolve(url);
      };
      server.stdout.setEncoding("utf8").on("data", look);
      server.stderr.setEncoding("utf8").on("data", look);
      server.on("error", reject);
      server.on("exit", (code) => reject(new Error(`${command} ended with ${code}:\n${printed}`)));
    });
  }

  /** A file of the folder, as JSON. */
  readJson(name: string): unknown {
    return JSON.parse(readFileSync(join(this.folder, name), "utf8"));
  }
}

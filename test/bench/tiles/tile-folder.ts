import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { blockSide, blockVolume } from "../blocks/block-volume.js";
import { programPath, workFolder } from "../places.js";
import { stackExtent } from "./bench-stack.js";
import { imageNames } from "./draw-section.js";
import { fileKinds } from "./file-kinds.js";
import type { MakeTilesTask } from "./make-tiles.thread.js";

/**
 * The folder with all tiles: `www` is what servers serve, `volumes` the expected results. It is made if it does not
 * exist, or was made by another program or from other images (BENCH_TILES). That takes half a minute on all cores.
 */
export async function tileFolder(): Promise<string> {
  const images = process.env["BENCH_TILES"] || undefined;
  const folder = join(workFolder, images === undefined ? "tiles" : "real-tiles");
  const stamp = join(folder, "made-by.txt");
  const key = keyOf(images);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === key) return folder;
  console.error(`Drawing and encoding tiles in ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  const sections = Array.from({ length: stackExtent.z }, (_, section) => ({ section }));
  const layers = Array.from({ length: blockVolume.z / blockSide }, (_, layer) => ({ layer }));
  await makeAll([...sections, ...layers], folder, images);
  await makeAll(
    fileKinds.map(({ key: kind }) => ({ kind })),
    folder,
    images,
  );
  writeFileSync(stamp, key);
  return folder;
}

function keyOf(images: string | undefined): string {
  const hash = createHash("sha256").update(readFileSync(programPath("make-tiles.thread.mjs")));
  for (const name of images === undefined ? [] : imageNames(images)) {
    hash.update(`${name} ${statSync(join(images ?? "", name)).size}\n`);
  }
  return hash.digest("hex");
}

async function makeAll(
  tasks: readonly MakeTilesTask[],
  folder: string,
  images: string | undefined,
): Promise<void> {
  const left = [...tasks];
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      const thread = new Worker(programPath("make-tiles.thread.mjs"), { workerData: { folder, images } });
      try {
        for (let task = left.shift(); task !== undefined; task = left.shift()) {
          thread.postMessage(task);
          await answered(thread);
        }
      } finally {
        await thread.terminate();
      }
    }),
  );
}

function answered(thread: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    thread.once("message", () => {
      thread.off("error", reject);
      resolve();
    });
    thread.once("error", reject);
  });
}

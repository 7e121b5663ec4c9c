import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { PlanSummary } from "../../../src/cli/commands/export/plan/plan-summary.node.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import type { FinishedExport } from "../../../src/tasks/finish-export.node.js";
import type { PlanStatus } from "../../../src/tasks/plan-status.node.js";
import { type ModelWorkshop, modelWorkshop } from "../../support/model/model-workshop.js";
import { packedInWorkers } from "../../support/pools/packed-in-workers.js";
import { runCommand } from "../../support/programs/run-command.js";
import { filesInFolder } from "../../support/readers/files-in-folder.js";

let workshop: ModelWorkshop;
let folder = "";
let info = "";
beforeAll(async () => {
  // Some tiles are missing; and a section is broken.
  workshop = await modelWorkshop(({ depth, row, col }) =>
    depth === 2 && (row + col) % 2 === 1 ? { status: 404 } : undefined,
  );
  ({ folder, info } = workshop);
});
afterAll(() => workshop.close());

// Begins within tiles, and ends in the middle of chunks; at coarser levels with a whole voxel.
const region = ["--roi", "x=4:140,y=8:100,z=0:11", "--threads", "0"];

/** Runs a command that goes well. */
async function well(name: string, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand(name, words);
  expect({ words, code, stderr: code === 0 ? "" : stderr }).toEqual({ words, code: 0, stderr: "" });
  return stdout;
}

const json = async <T>(name: string, ...words: readonly string[]): Promise<T> =>
  JSON.parse(await well(name, ...words, "--json")) as T;

/** Numbers in an order of their own. */
function shuffled(from: number, count: number): number[] {
  // A step that has no divisor in common with their count meets all of them.
  const step = [7, 5, 3, 2].find((candidate) => count % candidate !== 0) ?? 1;
  return Array.from({ length: count }, (_, i) => from + ((i * step + 3) % count));
}

describe("tasks in any order come to the files of a single get", () => {
  const layouts: readonly (readonly [name: string, output: string, words: readonly string[]])[] = [
    ["OME-Zarr 0.5", "v.ome.zarr", ["--chunk", "4,20,30", "--levels", "3"]],
    ["OME-Zarr 0.5, levels of the server", "s.ome.zarr", ["--chunk", "4,20,30", "--levels", "server"]],
    [
      "OME-Zarr 0.5, sharded, zstd",
      "h.ome.zarr",
      ["--chunk", "2,10,15", "--shard", "4,20,30", "--levels", "3", "--compression", "zstd"],
    ],
    [
      "OME-Zarr 0.4, of another axis order",
      "o.zarr",
      ["--chunk", "30,20,4", "--levels", "3", "--format", "ome-zarr-0.4", "--orientation", "xyz"],
    ],
    ["N5", "v.n5", ["--chunk", "4,20,30", "--levels", "3"]],
    ["N5, levels of the server", "s.n5", ["--chunk", "4,20,30", "--levels", "server"]],
    ["precomputed", "v.precomputed", ["--chunk", "4,16,32", "--levels", "3"]],
    ["precomputed, sharded", "h.precomputed", ["--chunk", "2,8,16", "--shard", "4,16,32", "--levels", "3"]],
    ["precomputed, levels of the server", "s.precomputed", ["--chunk", "4,16,32", "--levels", "server"]],
    ["a folder of PNGs", "sections/", ["--format", "png"]],
    [
      "closest sections in place of broken ones",
      "b.n5",
      ["--chunk", "4,20,30", "--broken-slices", "closest"],
    ],
  ];

  test.each(layouts)("%s", async (_, output, words) => {
    const single = join(folder, "single", output);
    const [planned, plan] = [join(folder, "tasks", output), join(folder, `${output.replace("/", "")}.json`)];
    await well("get", info, ...region, ...words, "-o", single, "-q");
    const made = ["--tasks", "9", "--plan", plan, "-o", planned];
    const { tasks, stages } = await json<PlanSummary>("export plan", info, ...region, ...words, ...made);
    expect(stages[0]?.tasks).toBeGreaterThan(4);
    for (const stage of stages) {
      for (const task of shuffled(stage.firstTask, stage.tasks)) {
        await well("export run", plan, "--task", String(task), "--threads", "0");
      }
    }
    const status = await json<PlanStatus>("export status", plan);
    expect(status.tasks).toMatchObject({
      done: [[0, tasks - 1]],
      missing: [],
      failed: [],
      stopped: [],
      running: [],
    });
    const finished = await json<FinishedExport>("export finish", plan);
    expect(finished.filled).toEqual(status.stages[0]?.filled);
    expect(Object.keys(finished.filled)).toContain("missing");
    // The metadata are among the files, and have the same numbers of what is filled.
    expect(await filesInFolder(planned)).toEqual(await filesInFolder(single));
    await well("verify", planned);
  });

  test("computed levels are packed in workers, where there may be some, to the same files", async () => {
    const [single, planned] = [join(folder, "single", "w.n5"), join(folder, "tasks", "w.n5")];
    const words = ["--chunk", "4,20,30", "--levels", "2", "--compression", "zstd"];
    await well("get", info, ...region, ...words, "-o", single, "-q");
    const plan = join(folder, "w.json");
    const made = ["--tasks", "1", "--plan", plan, "-o", planned];
    await json<PlanSummary>("export plan", info, ...region, ...words, ...made);
    await well("export run", plan, "--task", "0", "--threads", "0");
    const packed = packedInWorkers();
    onTestFinished(closeSharedPools);
    await well("export run", plan, "--task", "1", "--threads", "2");
    expect(new Set(packed)).toEqual(new Set(["codec"]));
    await well("export finish", plan);
    expect(await filesInFolder(planned)).toEqual(await filesInFolder(single));
  });

  test.each(["npy", "raw"])(".%s", async (format) => {
    const [single, planned] = [join(folder, `single.${format}`), join(folder, `tasks.${format}`)];
    const plan = join(folder, `${format}.json`);
    await well("get", info, ...region, "-o", single, "-q");
    const { tasks } = await json<PlanSummary>(
      "export plan",
      info,
      ...region,
      "--tasks",
      "9",
      "--plan",
      plan,
      "-o",
      planned,
    );
    expect(tasks).toBeGreaterThan(4);
    for (const task of shuffled(0, tasks))
      await well("export run", plan, "--task", String(task), "--threads", "0");
    await expect(readFile(planned)).rejects.toMatchObject({ code: "ENOENT" });
    await well("export finish", plan);
    expect(await readFile(planned)).toEqual(await readFile(single));
    if (format === "raw") {
      const described = JSON.parse(await readFile(`${planned}.json`, "utf8")) as object;
      expect(described).toMatchObject({ dtype: "uint8", shape: [11, 92, 136], byteOrder: "little" });
    }
    await well("export finish", plan);
  });
});

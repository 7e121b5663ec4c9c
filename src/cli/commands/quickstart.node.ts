import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { encodeGreyPng } from "../../../workers/encode/encode-png.js";
import { CatmaidClient, ThreadedImageFetcher } from "../../index.js";
import { MemoryByteSink, NpyWriter } from "../../out/index.js";
import { type SampleServer, startSampleServer } from "../../sample/sample-server.node.js";
import { type SampleMirror, sampleStack } from "../../sample/sample-stack.js";
import type { Command } from "../command.node.js";
import { exitCode } from "../exit-code.js";
import { fileTrouble } from "../output/file-trouble.node.js";
import { OutputFiles, writeWhole } from "../output/output-file.node.js";
import { bytesText, timeText } from "../output/quantity-text.js";
import { isFilled } from "../output/report-text.js";
import { UsageError } from "../usage-error.js";

const tiles = { tileWidth: 512, tileHeight: 512 } as const;

const mirrors: readonly SampleMirror[] = [
  { key: "dead", title: "the lab's old server", type: 1, format: "png", dead: true, ...tiles },
  { key: "far", title: "a server far away", type: 4, format: "jpeg", delayMs: 300, ...tiles },
  { key: "near", title: "a server nearby", type: 5, format: "png", ...tiles },
];

/** Corners of the region, in nm of project space: z, y, x. */
const roi = [
  [3360, 18720, 25600],
  [3480, 19560, 28480],
] as const;

export const quickstartCommand: Command = {
  name: "quickstart",
  summary: "fetch a region of a sample stack, from start to finish",
  help: `Usage: catmaid-image quickstart [FOLDER]

Starts the sample server with three mirrors, one of which is down. Finds the fastest mirror, fetches a region given in
nanometres, and writes volume.npy and section.png to FOLDER (default: quickstart), which is made if it does not exist.
Needs no network.

  --overwrite            replace these files if they exist
  --help                 print this`,
  options: { overwrite: { type: "boolean" } },
  run: async (args, { terminal, signal }) => {
    const [folder = "quickstart", ...more] = args.positionals;
    if (more.length > 0) throw new UsageError(`quickstart takes one folder: what is "${more[0]}"?`);
    await makeFolder(folder);
    const volumePath = join(folder, "volume.npy");
    const picturePath = join(folder, "section.png");
    // A proxy in the environment could not reach the server on this machine.
    Object.assign(process.env, { NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1" });
    const files = new OutputFiles(args.has("overwrite"));
    let server: SampleServer | undefined;
    try {
      const volumeFile = await files.open(volumePath);
      const pictureFile = await files.open(picturePath);
      server = await startSampleServer({ stacks: [sampleStack({ mirrors, brokenSlices: [] })] });
      const client = new CatmaidClient({ baseUrl: server.url, projectId: server.projectId });
      await using fetcher = await ThreadedImageFetcher.fromCatmaid(client, 1, {
        retry: { attempts: 2 },
        onWarning: (message) => terminal.warn(message),
      });
      const { stack } = fetcher;
      const { x, y, z } = stack.dimension;
      terminal.print(`A sample CATMAID runs at ${server.url} for a moment.`);
      terminal.print(`Its stack "${stack.title}" has ${x} × ${y} × ${z} voxels (x, y, z) and three mirrors:`);
      const probes = await fetcher.probeMirrors({ reps: 3, signal });
      for (const probe of probes) {
        const result = probe.ok ? `answers in ${timeText(probe.timeMs)}` : `fails: ${probe.reason}`;
        terminal.print(`  ${probe.mirror.position}  ${probe.mirror.title}: ${result}`);
      }
      const fastest = await fetcher.setFastestMirror({ signal });
      terminal.print(`The fastest is ${fastest.title}.`);

      const [lower, upper] = fetcher.roiToScaled(roi, "project");
      const shape = [upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]] as const;
      const npy = new MemoryByteSink();
      const out = new NpyWriter(npy);
      const start = performance.now();
      const { report } = await fetcher.getProjectSpace(roi, { out, signal });
      const elapsed = performance.now() - start;

      const [planes, height, width] = shape;
      const section = npy.bytes.subarray(-planes * height * width).subarray(0, height * width);
      await writeWhole(volumeFile, npy.bytes);
      await writeWhole(pictureFile, encodeGreyPng(section, width, height));
      await files.commit();

      terminal.print("");
      terminal.print(
        `Fetched z 3360–3480, y 18720–19560, x 25600–28480 nm: ${shape.join(" × ")} voxels (z, y, x),`,
      );
      terminal.print(
        `${report.tiles.fetched} tiles, ${bytesText(report.bytes)}, in ${timeText(elapsed)}, drawing them included.`,
      );
      terminal.print(
        isFilled(report) ? "Some voxels were filled." : "Every voxel was there; none was filled.",
      );
      terminal.print(`  ${terminal.strong(volumePath)}   numpy.load("${volumePath}")`);
      terminal.print(`  ${terminal.strong(picturePath)}  its first section`);
      terminal.print("");
      terminal.print("Next: keep the sample server running in one terminal, and ask it from another:");
      terminal.print("  npx catmaid-image serve --port 8000");
      terminal.print("  npx catmaid-image info http://127.0.0.1:8000/1/stack/1/info");
      terminal.print("  npx catmaid-image mirrors http://127.0.0.1:8000/1/stack/1/info");
      terminal.print(
        '  npx catmaid-image get http://127.0.0.1:8000/1/stack/1/info --zoom 2 --roi "z=20:26" --mirror fastest -o montage.png',
      );
      return exitCode.ok;
    } finally {
      await files.discard();
      await server?.close();
    }
  },
};

async function makeFolder(folder: string): Promise<void> {
  try {
    // Does not make the parent folders: Node never ends where these cannot be made, as in /proc.
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw fileTrouble("write", folder, error);
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) return;
    throw new UsageError(`"${folder}" is a file, and quickstart writes to a folder: name another`);
  }
}

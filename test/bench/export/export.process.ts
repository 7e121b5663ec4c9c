/** Exports regions with a build of the library, one task after another: `export.process.mjs DIST`. */

import type * as Library from "../../../src/index.js";
import type * as Hdf5 from "../../../src/out/hdf5/index.js";
import type * as Out from "../../../src/out/index.node.js";
import { answerLines } from "../answer-lines.js";
import { buildUrl } from "../places.js";
import { timed } from "../timed.js";
import {
  chunkShape,
  type ExportAnswer,
  type ExportTask,
  gzipLevel,
  shardShape,
  zstdLevel,
} from "./export-task.js";

const [folder = "dist"] = process.argv.slice(2);
const load = async (name: string): Promise<unknown> => import(buildUrl(folder, name).href);
const library = (await load("index.node.js")) as typeof Library;
const out = (await load("out.node.js")) as typeof Out;
const { Hdf5Writer } = (await load("out-hdf5.node.js")) as typeof Hdf5;

await answerLines(async (task: ExportTask): Promise<ExportAnswer> => {
  const { result, ...times } = await timed(async () => {
    const fetcher = library.ThreadedImageFetcher.fromStackInfo(task.info);
    const options = { roiMode: "scaled", out: await writerFor(task) } as const;
    return { fetcher, volume: await fetcher.get(task.roi as Library.Roi, options) };
  });
  await result.fetcher.close();
  const { filled } = result.volume.report;
  if (filled.length > 0) throw new Error(`${filled.length} tiles were filled`);
  return times;
});

async function writerFor({ format, compression: kind, path }: ExportTask): Promise<Library.VolumeWriter> {
  const compression = kind === "none" ? kind : { kind, level: kind === "gzip" ? gzipLevel : zstdLevel };
  const folderWriter = (chunkFormat: Out.ChunkFormat): Library.VolumeWriter =>
    new out.ChunkedWriter(out.folderStore(path), chunkFormat);
  switch (format) {
    case "nothing":
      return { chunkShape, concurrency: 4, write: () => {} };
    case "nothing-sharded":
      return { chunkShape: shardShape, concurrency: 4, write: () => {} };
    case "nothing-flat":
      return { write: () => {} };
    case "hdf5":
      return new Hdf5Writer(await out.fileSink(path), {
        chunkShape,
        compression: kind === "gzip" ? { kind, level: gzipLevel } : "none",
      });
    case "ome-zarr":
      return folderWriter(out.omeZarrFormat({ version: "0.4", chunkShape, compression }));
    case "sharded":
      return folderWriter(out.omeZarrFormat({ chunkShape, shardShape, compression }));
    case "n5":
      return folderWriter(out.n5Format({ chunkShape, compression }));
    case "tiff":
      return new out.TiffWriter(await out.fileSink(path));
  }
}

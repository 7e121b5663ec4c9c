import type {
  DataType,
  GetOptions,
  ImageFetcher,
  Triple,
  VolumeInfo,
  VolumeWriter,
} from "../../../../index.js";
import type { ChunkFormat } from "../../../../out/index.node.js";
import { checkCompression } from "../../../../out/packing/packing.js";

/** Ends a fetch as soon as it has described its volume. */
class VolumeLearnt extends Error {
  readonly info: VolumeInfo;

  constructor(info: VolumeInfo) {
    super("nothing is fetched while a plan is made");
    this.info = info;
  }
}

/**
 * The description of a region's volume that a writer would get. Begins a fetch and ends it before the first request, so this
 * throws whatever the fetch would refuse. Also throws if the format's compression is not installed.
 */
export async function plannedVolume(
  fetcher: ImageFetcher<DataType>,
  roi: Parameters<ImageFetcher["get"]>[0],
  options: GetOptions,
  chunkShape: Triple | undefined,
  compression: ChunkFormat["compression"],
): Promise<VolumeInfo> {
  const out: VolumeWriter = {
    ...(chunkShape && { chunkShape }),
    begin: async (info) => {
      await checkCompression(compression);
      throw new VolumeLearnt(info);
    },
    write: () => {},
  };
  try {
    await fetcher.get(roi, { ...options, out });
  } catch (error) {
    if (error instanceof VolumeLearnt) return error.info;
    throw error;
  }
  throw new Error("a fetch ended that had no writer");
}

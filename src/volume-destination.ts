import type { VolumeSink } from "./assemble/volume-sink.js";
import { BlockSink, MemorySink, OutputWriter } from "./assemble/volume-sink.js";
import type { ResolvedOut } from "./out/volume-out.js";
import type { ScaledBox } from "./plan/tile-plan.js";
import { runSteps } from "./schedule/run-steps.js";
import type { Orientation3D, Triple } from "./space/axis-order.js";
import { fromOrder } from "./space/axis-order.js";

/** Fetches a box of the region into a sink. */
export type FetchInto = (box: ScaledBox, sink: VolumeSink, signal: AbortSignal) => Promise<void>;

/** Where the voxels of a region go, and in which portions they are fetched. */
export interface VolumeDestination {
  /** The boxes that are fetched one after another; together they are the region. */
  portions(): Iterable<ScaledBox>;
  /** Fetches the portions and passes them on. No voxel is passed on after it has rejected. */
  receive(fetchInto: FetchInto, signal: AbortSignal): Promise<void>;
}

/** The destination for an `out` that was checked. */
export function destinationOf(
  out: ResolvedOut,
  region: ScaledBox,
  orientation: Orientation3D,
  fillValue: number,
): VolumeDestination {
  if (out.kind === "memory") {
    const stride = fromOrder(out.stride, orientation);
    const sink = new MemorySink(
      { data: out.data, offset: out.offset, stride, lower: region.lower },
      fillValue,
    );
    return { portions: () => [region], receive: (fetchInto, signal) => fetchInto(region, sink, signal) };
  }
  const output = new OutputWriter(out.writer, orientation, region);
  const { chunkShape } = out;
  return chunkShape === undefined
    ? toBlocks(output, region, fillValue)
    : toChunks(output, chunkShape, fillValue);
}

function toBlocks(output: OutputWriter, region: ScaledBox, fillValue: number): VolumeDestination {
  return {
    portions: () => [region],
    receive: (fetchInto, signal) =>
      untilFailure(output, () => fetchInto(region, new BlockSink(output, fillValue), signal)),
  };
}

// Enough to fetch one chunk while the one before it is being written.
const chunksUnderWay = 2;

function toChunks(output: OutputWriter, chunkShape: Triple, fillValue: number): VolumeDestination {
  return {
    portions: () => output.chunks(chunkShape),
    receive: (fetchInto, signal) =>
      untilFailure(output, () =>
        runSteps(
          output.chunks(chunkShape),
          chunksUnderWay,
          async (chunk, chunkSignal) => {
            const block = output.block(chunk);
            await fetchInto(chunk, new MemorySink(block, fillValue), chunkSignal);
            await output.write(chunk, block.data);
          },
          signal,
        ),
      ),
  };
}

async function untilFailure(output: OutputWriter, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    output.stop(error);
    throw error;
  }
  await output.flush();
}

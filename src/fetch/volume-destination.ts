import type { VolumeSink } from "../assemble/volume-sink.js";
import { BlockSink, MemorySink, OutputWriter } from "../assemble/volume-sink.js";
import { runSteps } from "../concurrency/run-steps.js";
import { ThreadTurn } from "../concurrency/thread-turn.js";
import type { ResolvedOut } from "../out/volume-out.js";
import type { Orientation3D, Triple } from "../space/axis-order.js";
import { fromOrder } from "../space/axis-order.js";
import type { DataType } from "../space/data-type.js";
import type { ScaledBox } from "../space/scaled-box.js";

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
  dataType: DataType,
  fillValue: number | bigint,
): VolumeDestination {
  if (out.kind === "memory") {
    const stride = fromOrder(out.stride, orientation);
    const volume = { data: out.data, offset: out.offset, stride, lower: region.lower };
    return {
      portions: () => [region],
      receive: (fetchInto, signal) =>
        fetchInto(region, new MemorySink(volume, fillValue, new ThreadTurn(signal)), signal),
    };
  }
  const output = new OutputWriter(out.writer, orientation, region, dataType);
  const { chunkShape } = out;
  return chunkShape === undefined
    ? toBlocks(output, region, fillValue)
    : toChunks(output, chunkShape, fillValue);
}

function toBlocks(output: OutputWriter, region: ScaledBox, fillValue: number | bigint): VolumeDestination {
  return {
    portions: () => [region],
    receive: (fetchInto, signal) =>
      untilFailure(output, () =>
        fetchInto(region, new BlockSink(output, fillValue, new ThreadTurn(signal)), signal),
      ),
  };
}

// Enough to fetch one chunk while the one before it is being written.
const chunksUnderWay = 2;

function toChunks(output: OutputWriter, chunkShape: Triple, fillValue: number | bigint): VolumeDestination {
  return {
    portions: () => output.chunks(chunkShape),
    receive: (fetchInto, signal) => {
      const turn = new ThreadTurn(signal);
      const receiveChunk = async (chunk: ScaledBox, chunkSignal: AbortSignal): Promise<void> => {
        while (turn.over) await turn.pass();
        const block = output.block(chunk);
        await fetchInto(chunk, new MemorySink(block, fillValue, turn), chunkSignal);
        await output.write(chunk, block.data);
      };
      return untilFailure(output, () =>
        runSteps(output.chunks(chunkShape), chunksUnderWay, receiveChunk, signal),
      );
    },
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

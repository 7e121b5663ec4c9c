import { parseArgs } from "node:util";
import { runSoak } from "./run-soak.js";
import { quarter } from "./soak-meter.js";

const { values } = parseArgs({
  options: {
    tiles: { type: "string", default: "100000" },
    seed: { type: "string", default: String(Date.now() % 1e6) },
    threads: { type: "string", default: "2" },
    "tiles-per-kill": { type: "string", default: "1000" },
  },
});

const seed = Number(values.seed);
console.log(`soak: ${values.tiles} tiles, seed ${seed}, node ${process.version}`);
let shownAt = 0;
const figures = await runSoak({
  tiles: Number(values.tiles),
  seed,
  threads: Number(values.threads),
  tilesPerKill: Number(values["tiles-per-kill"]),
  onRound: (so) => {
    if (so.seconds - shownAt < 10) return;
    shownAt = so.seconds;
    const memory = `${so.rssMiB.at(-1)?.toFixed(0)} MiB, ${so.heapMiB.at(-1)?.toFixed(1)} MiB heap`;
    console.log(
      `${so.seconds.toFixed(0)} s: ${so.tiles} tiles, ${so.faults} faults, ${so.kills} kills, ${so.wrongVoxels} wrong voxels, ` +
        `${so.fills} fills (${so.unreportedFills} unreported), ${memory}, ${so.handles.at(-1)} handles`,
    );
  },
});
const { rssMiB, heapMiB, handles, ...counts } = figures;
console.table({ ...counts, seconds: Math.round(counts.seconds) });
const quarters = Object.fromEntries(
  Object.entries({ rssMiB, heapMiB, handles }).map(([name, readings]) => [
    name,
    [0, 1, 2, 3].map((index) => Number(quarter(readings, index).toFixed(1))),
  ]),
);
console.log("mean of each quarter:", quarters);

const wrong = counts.wrongVoxels + counts.unreportedFills + counts.leftListeners;
// The first rounds warm up.
const isTelling = counts.rounds >= 40;
const grown =
  isTelling &&
  [rssMiB, heapMiB, handles].some((readings) => quarter(readings, 3) > 1.1 * quarter(readings, 1));
console.log(wrong === 0 && !grown ? "good" : `BAD: ${wrong} wrong${grown ? ", and something grows" : ""}`);
process.exitCode = wrong === 0 && !grown ? 0 : 1;

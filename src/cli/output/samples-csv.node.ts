import type { DataType, Samples } from "../../index.js";
import { addedColumns, type PointsFile } from "../input/points-file.node.js";

/** A point's value with all of its digits, and `ok`; or no value, and why there is none. */
function cellsOf({ data, causeOf }: Pick<Samples<DataType>, "data" | "causeOf">, point: number): string {
  const cause = causeOf(point);
  return cause === undefined ? `${data[point]},ok` : `,${cause}`;
}

// Few enough for a text, and many enough for a write.
const linesAtOnce = 10_000;

/** The lines of the points with their values behind them, in parts of a file. */
export function* samplesCsv(
  { header, lines }: Pick<PointsFile, "header" | "lines">,
  samples: Pick<Samples<DataType>, "data" | "causeOf">,
): Generator<string> {
  yield `${header},${addedColumns.join(",")}\n`;
  for (let from = 0; from < lines.length; from += linesAtOnce) {
    const part = lines.slice(from, from + linesAtOnce);
    yield part.map((line, i) => `${line},${cellsOf(samples, from + i)}\n`).join("");
  }
}

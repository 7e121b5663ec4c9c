import type { DataType, Samples } from "../../index.js";
import { addedColumns, type PointsFile } from "../input/points-file.node.js";

/** The cells of a point: its value with all digits and `ok`, or no value and the reason. */
function cellsOf({ data, causeOf }: Pick<Samples<DataType>, "data" | "causeOf">, point: number): string {
  const cause = causeOf(point);
  return cause === undefined ? `${data[point]},ok` : `,${cause}`;
}

// Few enough lines for one string, and enough for each write to be worthwhile.
const linesAtOnce = 10_000;

/** The CSV file of points and their values, in parts. */
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

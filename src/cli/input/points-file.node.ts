import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { type CsvError, parse } from "csv-parse";
import type { Axis, Vector3 } from "../../index.js";
import { fileTrouble } from "../output/file-trouble.node.js";
import { plainText } from "../output/plain-text.js";
import { UsageError } from "../usage-error.js";
import { isDecimal } from "./arguments.node.js";

/** Points of a CSV file, and its lines. */
export interface PointsFile {
  readonly points: readonly Vector3[];
  /** The line of column names; `x,y,z` if the file has none. */
  readonly header: string;
  /** The lines of the points, with all of their columns. */
  readonly lines: readonly string[];
}

/** A line from the CSV parser. */
interface CsvLine {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

const axes: readonly Axis[] = ["x", "y", "z"];

/** Names of the columns that are added. The file must not have them already. */
export const addedColumns = ["value", "status"] as const;

/**
 * Reads points from a CSV file. The file has a header with `x`, `y` and `z` and perhaps other columns, in any order; or it has
 * no header and three columns of numbers.
 *
 * @param path - `"-"` is standard input.
 * @throws UsageError with the line and column of a mistake.
 */
export async function readPoints(path: string): Promise<PointsFile> {
  const name = path === "-" ? "standard input" : `"${path}"`;
  const points: Vector3[] = [];
  const lines: string[] = [];
  let columns: Readonly<Record<Axis, number>> | undefined;
  let header = axes.join(",");
  for await (const { record, info } of csvLines(path, name)) {
    const where = `${name}, line ${info.lines}`;
    const line = record.map(cellText).join(",");
    if (columns === undefined) {
      columns = columnsOf(record, where);
      if (!isBare(record)) {
        header = line;
        continue;
      }
    }
    const { x, y, z } = columns;
    points.push({
      x: coordinate(record[x], "x", where),
      y: coordinate(record[y], "y", where),
      z: coordinate(record[z], "z", where),
    });
    lines.push(line);
  }
  if (columns === undefined) throw new UsageError(`${name} is empty: there are no points in it`);
  return { points, header, lines };
}

async function* csvLines(path: string, name: string): AsyncGenerator<CsvLine> {
  const input: Readable = path === "-" ? process.stdin : createReadStream(path);
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  input.on("error", (error) => parser.destroy(fileTrouble("read", path, error)));
  try {
    for await (const line of input.pipe(parser)) yield line as CsvLine;
  } catch (error) {
    if ((error as Partial<CsvError>).code?.startsWith("CSV_")) {
      throw new UsageError(`${name} is no CSV file: ${plainText((error as CsvError).message)}`);
    }
    throw error;
  }
}

/** A text as a cell of a CSV file, in quotes if it needs them. */
function cellText(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Whether the first line of a file is a point and not a header. */
function isBare(record: readonly string[]): boolean {
  return record.length === axes.length && record.every(isDecimal);
}

function columnsOf(record: readonly string[], where: string): Readonly<Record<Axis, number>> {
  if (isBare(record)) return { x: 0, y: 1, z: 2 };
  const names = record.map((text) => text.trim().toLowerCase());
  const taken = addedColumns.find((name) => names.includes(name));
  if (taken !== undefined) {
    throw new UsageError(`${where}: there is a column "${taken}" already, which would be added: rename it`);
  }
  const columnOf = (axis: Axis): number => {
    const column = names.indexOf(axis);
    if (column < 0) {
      throw new UsageError(
        `${where}: there is no column "${axis}": points are a header with x, y and z, or three numbers a line, with commas between`,
      );
    }
    if (names.lastIndexOf(axis) === column) return column;
    throw new UsageError(`${where}: there are two columns "${axis}": which is it to be?`);
  };
  return { x: columnOf("x"), y: columnOf("y"), z: columnOf("z") };
}

function coordinate(text: string | undefined, axis: Axis, where: string): number {
  if (text !== undefined && isDecimal(text)) {
    const value = Number(text);
    if (Number.isFinite(value)) return value;
  }
  const got =
    text === undefined ? "is not there" : `is "${plainText(text).slice(0, 40)}", which is no number`;
  throw new UsageError(`${where}, column ${axis}: it ${got}`);
}

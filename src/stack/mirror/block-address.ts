import { addressOf } from "./mirror-address.js";

/**
 * Where a mirror of blocks (types 11 and 14) has its files. A file of a zoom level is at
 * `before + level + after + "/" + file + query`, see {@link blockFileUrl}. The parts are unchanged from `image_base`.
 */
export interface BlockAddress {
  /** The path before the name of a level. Without levels, the whole path of the dataset. */
  readonly before: string;
  /** The path after the name of a level: groups inside it. */
  readonly after: string;
  /** Whether the address has zoom levels besides 0. */
  readonly hasLevels: boolean;
  /** For x, y and z of the stack: the matching axis of the dataset, from 0. */
  readonly sliceDims: readonly [number, number, number];
  /** The query that every file's URL ends in, with its question mark; may be empty. */
  readonly query: string;
}

const placeholder = "%SCALE_DATASET%";

/**
 * Takes the `image_base` of a mirror of blocks apart, as CATMAID does: `<path with %SCALE_DATASET%>/<a>_<b>_<c>`.
 * Unlike CATMAID, it accepts a slash at the end and a query.
 *
 * @returns The address, or what is wrong with it: a clause that follows the mirror's name.
 */
export function parseBlockAddress(
  baseUrl: string,
): { readonly address: BlockAddress } | { readonly problem: string } {
  const given = baseUrl.trim();
  if (given.includes("#")) {
    return { problem: 'has a "#" in its address, and no server sees what follows it: write %23 for it' };
  }
  const { dataset, dims, query } = splitSliceDims(given);
  if (dims === undefined) {
    return {
      problem:
        "has no slice dimensions in its image_base, which must end in those of x, y and z, as in " +
        `https://example.org/volume.n5/group/${placeholder}/0_1_2`,
    };
  }
  const sliceDims = axesFrom(dims);
  if (sliceDims === undefined) {
    return {
      problem: `has the slice dimensions ${dims.slice(0, 20)} in its image_base, which must be 0, 1 and 2, in the order of x, y and z`,
    };
  }
  const [before = "", ...others] = dataset.split(placeholder);
  const after = others[0] ?? "";
  if (others.length > 1 || query.includes(placeholder)) {
    return { problem: `must have ${placeholder} once in its image_base, in the path` };
  }
  const address = { before, after, hasLevels: others.length === 1, sliceDims, query };
  const isSame = addressOf(blockFileUrl(address, "s0", "")) === addressOf(blockFileUrl(address, "s1", ""));
  if (address.hasLevels && isSame) {
    return { problem: `asks the same address for all zoom levels: check what follows ${placeholder}` };
  }
  return { address };
}

/** The URL of a file of a zoom level. If the address has no levels, the level's name is ignored. */
export function blockFileUrl(
  { before, after, hasLevels, query }: BlockAddress,
  level: string,
  file: string,
): string {
  return `${before}${hasLevels ? level : ""}${after}/${file}${query}`;
}

/** Scheme and host. No part of them belongs to the path. */
export const originPattern: RegExp = /^(?:[a-z][a-z\d+.-]*:)?[/\\]{2}[^/\\?]*/i;

/** Splits off the numbers after the dataset, which end the path, or a query that ends in a path. */
function splitSliceDims(given: string): { dataset: string; dims?: string; query: string } {
  const origin = originPattern.exec(given)?.[0] ?? "";
  const rest = given.slice(origin.length);
  const mark = rest.indexOf("?");
  const splits = mark < 0 ? [rest.length] : [mark, rest.length];
  for (const split of splits) {
    const found = /^(.*)\/(\d+(?:_\d+)*)\/*$/s.exec(rest.slice(0, split));
    const [, path = "", dims] = found ?? [];
    if (dims !== undefined) return { dataset: origin + path, dims, query: rest.slice(split) };
  }
  return { dataset: given, query: "" };
}

function axesFrom(dims: string): BlockAddress["sliceDims"] | undefined {
  const axes = dims.split("_").map(Number);
  const isOrder = axes.length === 3 && [0, 1, 2].every((axis) => axes.includes(axis));
  return isOrder ? (axes as [number, number, number]) : undefined;
}

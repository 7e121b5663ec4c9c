/** A fill value in Zarr's metadata: a number, or a string such as `"NaN"` if JSON has no such number. */
export function shownFillValue(value: number | bigint): number | bigint | string {
  return typeof value === "bigint" || Number.isFinite(value) ? value : String(value);
}

/** A fill value as Zarr's metadata have it: what JSON has no number for is a text. */
export function shownFillValue(value: number | bigint): number | bigint | string {
  return typeof value === "bigint" || Number.isFinite(value) ? value : String(value);
}

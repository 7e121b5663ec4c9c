/** STUB until the N5 branch is merged. */
export interface BlockAddress {
  readonly before: string;
  readonly after: string;
  readonly hasLevels: boolean;
  readonly sliceDims: readonly number[];
  readonly query: string;
}
export function parseBlockAddress(
  baseUrl: string,
): { readonly address: BlockAddress } | { readonly problem: string } {
  const found = /^(.*?)(\?.*)?$/.exec(baseUrl.replace(/\/$/, ""));
  const path = found?.[1] ?? "";
  const match = /^(.*)\/(\d)_(\d)_(\d)$/.exec(path);
  if (match === null) return { problem: "has no slice dimensions in its image_base" };
  const dataset = match[1] ?? "";
  const at = dataset.lastIndexOf("%SCALE_DATASET%");
  return {
    address: {
      before: at < 0 ? dataset : dataset.slice(0, at),
      after: at < 0 ? "" : dataset.slice(at + 15),
      hasLevels: at >= 0,
      sliceDims: [Number(match[2]), Number(match[3]), Number(match[4])],
      query: found?.[2] ?? "",
    },
  };
}

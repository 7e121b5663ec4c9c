/** A pseudo-random number that depends only on seed, path and attempt: a seed repeats a run in any order of requests. */
export function chanceOf(
  seed: number,
  { path, attempt }: { readonly path: string; readonly attempt: number },
): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ attempt;
  for (let i = 0; i < path.length; i++) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

/** Keys of an object of JSON that are known ones in another spelling (`brokenSlices`), where the known one is not there. */
export function misspeltKeys(
  json: object,
  known: readonly string[],
): readonly (readonly [given: string, known: string])[] {
  const spellings = new Map(known.map((key) => [plain(key), key]));
  return Object.keys(json).flatMap((given) => {
    const key = spellings.get(plain(given));
    return key === undefined || key in json ? [] : [[given, key] as const];
  });
}

function plain(key: string): string {
  return key.toLowerCase().replace(/[-_\s]/g, "");
}

/** Finds keys of a JSON object that spell a known key differently (`brokenSlices`), unless the known key is there. */
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

import fc from "fast-check";

/** One change of a file. */
export interface Mutation {
  readonly kind: string;
  readonly at: number;
  readonly value: number;
}

/** One to four mutations anywhere in a file. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom("flip", "set", "cut", "insert", "copy"),
    at: fc.nat(1 << 16),
    value: fc.nat(1 << 16),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Applies each mutation: flips a bit, sets a byte, removes or inserts a run, or repeats a part. */
export function mutate(file: Uint8Array, changes: readonly Mutation[]): Uint8Array {
  let bytes = Array.from(file);
  for (const { kind, at, value } of changes) {
    const place = at % (bytes.length + 1);
    const run = 1 + (value % 16);
    if (kind === "flip") bytes[place] = (bytes[place] ?? 0) ^ (1 << (value % 8));
    else if (kind === "set") bytes[place] = value % 256;
    else if (kind === "cut") bytes.splice(place, run);
    else if (kind === "insert") bytes.splice(place, 0, ...new Array<number>(run).fill(value >>> 8));
    else
      bytes = [...bytes.slice(0, place), ...bytes.slice(value % (bytes.length + 1)), ...bytes.slice(place)];
  }
  return new Uint8Array(bytes);
}

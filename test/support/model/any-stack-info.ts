import fc from "fast-check";
import { isCatmaidImageError } from "../../../src/errors.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";

const hostileKeys = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "clamp",
  "x",
  "0",
];
const key = fc.oneof(fc.constantFrom(...hostileKeys), fc.string());
const anything = fc.anything({ key, withNullPrototype: true, withBigInt: true, withSparseArray: true });
const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom<unknown>("5", "0x10", "1e400", "", null, -1, 0, 1e300, 2 ** 31, Number.NaN, true, [], {}),
);
const vector = fc.oneof(
  fc.record({ x: number, y: number, z: number }),
  fc.constant({ x: 2048, y: 1536, z: 460 }),
  fc.array(number),
  fc.string(),
  anything,
);
const text = fc.oneof(
  fc.constantFrom<unknown>(
    "http://tiles.example/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http://[",
    "//host/",
    "http://a:b@c/\r\nX: y",
    "data:,",
    "",
  ),
  fc.webUrl(),
  fc.string(),
  anything,
);
/** One field in twelve is random. If more were, no stack could be made. */
const mostly = (value: unknown, wild: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: wild });
const usualMirror = {
  image_base: "http://tiles.example/",
  file_extension: "png",
  tile_width: 64,
  tile_height: 48,
  tile_source_type: 1,
};
const mirror = fc.oneof(
  fc.record({
    ...Object.fromEntries(
      Object.entries(usualMirror).map(([name, value]) => [name, mostly(value, fc.oneof(text, number))]),
    ),
    tile_source_type: fc.oneof(fc.integer({ min: 1, max: 14 }), number),
    id: number,
    title: text,
    position: number,
    offset: mostly(undefined, vector),
    bounds: mostly(null, fc.oneof(fc.record({ lower: vector, upper: vector }), anything)),
  }),
  anything,
);
const fields = fc.record(
  {
    sid: number,
    pid: number,
    dimension: mostly({ x: 2048, y: 1536, z: 460 }, vector),
    resolution: mostly({ x: 4, y: 4, z: 40 }, vector),
    translation: mostly([0, 0, 0], vector),
    orientation: mostly(0, fc.oneof(fc.integer({ min: -1, max: 3 }), anything)),
    downsample_factors: mostly(null, fc.oneof(fc.array(vector), anything)),
    num_zoom_levels: number,
    broken_slices: fc.oneof(fc.dictionary(key, number), fc.array(number), anything),
    mirrors: fc.oneof(fc.array(mirror), fc.dictionary(key, mirror), anything),
    canary_location: mostly({ x: 1, y: 1, z: 1 }, vector),
    metadata: fc.oneof(anything, fc.json(), fc.constant('{"__proto__": {"polluted": true}, "clamp": false}')),
  },
  { requiredKeys: ["dimension", "resolution"] },
);
// Parsed from JSON like an answer of a server: it has a key named __proto__, which an object literal cannot have.
/** Random stack infos. About half of them are good enough to make a stack. */
export const anyStackInfo: fc.Arbitrary<unknown> = fc.oneof(
  fc.tuple(fields, fc.dictionary(key, anything)).map(([known, others]) => ({ ...others, ...known })),
  fields.map((known): unknown => JSON.parse(`{"__proto__": {"polluted": true}, ${printed(known).slice(1)}`)),
  anything,
);

const prototypes = [Object.prototype, Array.prototype, Function.prototype];
const untouched = prototypes.map(keysOf);

/** The number of stacks, URLs, and errors by their code. */
export type Outcomes = Record<string, number>;

/** Makes a stack and the URLs of its mirrors. Throws for an error that is not the library's, and a changed prototype. */
export function tryStackInfo(info: unknown, outcomes: Outcomes = {}): void {
  const count = (what: string): void => {
    outcomes[what] = (outcomes[what] ?? 0) + 1;
  };
  const typed = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      if (!isCatmaidImageError(error)) throw error;
      count(error.code);
    }
  };
  typed(() => {
    const stack = ProjectStack.fromStackInfo(info);
    count("stacks");
    for (const mirror of stack.mirrors)
      typed(() => {
        const url = mirror.generateUrl(mirror.getTileIndex({ x: 0, y: 0, z: 0 }, 0).tileIndex);
        if (/^\s*(?:file|javascript|data):/i.test(url)) throw new Error(`a URL that is no http: ${url}`);
        count("urls");
      });
  });
  for (const [i, proto] of prototypes.entries())
    if (keysOf(proto) !== untouched[i]) throw new Error("a prototype was changed");
  if (({} as { polluted?: unknown }).polluted !== undefined) throw new Error("Object.prototype was polluted");
}

function keysOf(proto: object): string {
  return Reflect.ownKeys(proto).map(String).join();
}

/** JSON text with at least one key. */
function printed(value: object): string {
  try {
    return JSON.stringify({ ...value, stitle: "fuzz" }, (_key, part: unknown) =>
      typeof part === "bigint" ? String(part) : part,
    );
  } catch {
    return '{"stitle": "fuzz"}';
  }
}

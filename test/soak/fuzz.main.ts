import { parseArgs } from "node:util";
import fc from "fast-check";
import { isCatmaidImageError } from "../../src/errors.js";
import { ProjectStack } from "../../src/stack/project-stack.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "100000" },
    seed: { type: "string", default: String(Date.now() % 1e6) },
    worker: { type: "string" },
  },
});

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
const mirror = fc.oneof(
  fc.record(
    {
      id: number,
      title: text,
      image_base: text,
      file_extension: text,
      tile_width: number,
      tile_height: number,
      tile_source_type: fc.oneof(fc.integer({ min: -1, max: 16 }), number),
      position: number,
      offset: vector,
      bounds: fc.oneof(fc.record({ lower: vector, upper: vector }), anything),
    },
    { requiredKeys: [] },
  ),
  anything,
);
const fields = fc.record(
  {
    sid: number,
    pid: number,
    dimension: vector,
    resolution: vector,
    translation: vector,
    orientation: fc.oneof(fc.integer({ min: -1, max: 3 }), anything),
    downsample_factors: fc.oneof(fc.array(vector), anything),
    num_zoom_levels: number,
    broken_slices: fc.oneof(fc.dictionary(key, number), fc.array(number), anything),
    mirrors: fc.oneof(fc.array(mirror), fc.dictionary(key, mirror), anything),
    canary_location: vector,
    metadata: fc.oneof(anything, fc.json(), fc.constant('{"__proto__": {"polluted": true}, "clamp": false}')),
  },
  { requiredKeys: [] },
);
// As it comes over the wire: an own key named __proto__, which an object literal cannot have.
const info = fc.oneof(
  fc.tuple(fields, fc.dictionary(key, anything)).map(([known, others]) => ({ ...others, ...known })),
  fields.map((known): unknown => JSON.parse(`{"__proto__": {"polluted": true}, ${printed(known).slice(1)}`)),
  anything,
);

const untouched = [Object.prototype, Array.prototype, Function.prototype].map(keysOf);
const outcomes = { stacks: 0, urls: 0 } as Record<string, number>;
fc.assert(
  fc.property(info, (value) => {
    typed(() => {
      const stack = ProjectStack.fromStackInfo(value);
      outcomes["stacks"] = (outcomes["stacks"] ?? 0) + 1;
      for (const one of stack.mirrors)
        typed(() => {
          const url = one.generateUrl(one.getTileIndex({ x: 0, y: 0, z: 0 }, 0).tileIndex);
          if (/^\s*(?:file|javascript|data):/i.test(url)) throw new Error(`a URL that is no http: ${url}`);
          outcomes["urls"] = (outcomes["urls"] ?? 0) + 1;
        });
    });
    for (const [i, proto] of [Object.prototype, Array.prototype, Function.prototype].entries())
      if (keysOf(proto) !== untouched[i]) throw new Error("a prototype was changed");
    if (({} as { polluted?: unknown }).polluted !== undefined)
      throw new Error("Object.prototype was polluted");
  }),
  { numRuns: Number(values.runs), seed: Number(values.seed) },
);
console.log(`good: ${values.runs} stack infos, seed ${values.seed}`, outcomes);

function typed(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!isCatmaidImageError(error)) throw error;
    outcomes[error.code] = (outcomes[error.code] ?? 0) + 1;
  }
}

function keysOf(proto: object): string {
  return Reflect.ownKeys(proto).map(String).join();
}

/** As JSON that has at least one key. */
function printed(value: object): string {
  try {
    return JSON.stringify({ ...value, stitle: "fuzz" }, (_key, part: unknown) =>
      typeof part === "bigint" ? String(part) : part,
    );
  } catch {
    return '{"stitle": "fuzz"}';
  }
}

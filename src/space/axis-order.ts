/** One axis of a stack or of project space. */
export type Axis = "x" | "y" | "z";

/** A value per axis. The space and the unit are those of the property that holds it. */
export interface Vector3 {
  /** Along x. */
  readonly x: number;
  /** Along y. */
  readonly y: number;
  /** Along z. */
  readonly z: number;
}

/** Three numbers, one per axis, in an order that the holder names. */
export type Triple = readonly [number, number, number];

/**
 * Axis order of an array, slowest first. `"zyx"` is C order as NumPy has it, `"xyz"` is Fortran order as
 * VIGRA has it. All six orders are valid.
 */
export type Orientation3D = "zyx" | "zxy" | "yzx" | "yxz" | "xzy" | "xyz";

/** Names for {@link (Orientation3D:type)} values, as catpy's enumeration of the same name has them. */
export const Orientation3D: {
  readonly C: "zyx";
  readonly NUMPY: "zyx";
  readonly ZYX: "zyx";
  readonly FORTRAN: "xyz";
  readonly VIGRA: "xyz";
  readonly XYZ: "xyz";
  readonly ZXY: "zxy";
  readonly YZX: "yzx";
  readonly YXZ: "yxz";
  readonly XZY: "xzy";
} = Object.freeze({
  C: "zyx",
  NUMPY: "zyx",
  ZYX: "zyx",
  FORTRAN: "xyz",
  VIGRA: "xyz",
  XYZ: "xyz",
  ZXY: "zxy",
  YZX: "yzx",
  YXZ: "yxz",
  XZY: "xzy",
});

/** All six axis orders. */
export const axisOrders: readonly Orientation3D[] = Object.freeze([
  "zyx",
  "zxy",
  "yzx",
  "yxz",
  "xzy",
  "xyz",
] as const);

/** Whether a value is one of the six axis orders. */
export function isAxisOrder(value: unknown): value is Orientation3D {
  return typeof value === "string" && (axisOrders as readonly string[]).includes(value);
}

/** The axes of an order, slowest first: `"zyx"` → `["z", "y", "x"]`. */
export function axesOf(order: Orientation3D): readonly [Axis, Axis, Axis] {
  return order.split("") as [Axis, Axis, Axis];
}

/** The values of a vector in an axis order: `toOrder({x: 1, y: 2, z: 3}, "zyx")` is `[3, 2, 1]`. */
export function toOrder(vector: Vector3, order: Orientation3D): [number, number, number] {
  const [a, b, c] = axesOf(order);
  return [vector[a], vector[b], vector[c]];
}

/** The vector of three values in an axis order: the inverse of {@link toOrder}. */
export function fromOrder(values: ArrayLike<number>, order: Orientation3D): Vector3 {
  const vector = { x: Number.NaN, y: Number.NaN, z: Number.NaN };
  axesOf(order).forEach((axis, column) => {
    vector[axis] = values[column] ?? Number.NaN;
  });
  return vector;
}

/** Brings three values from one axis order into another: `reorder([3, 2, 1], "zyx", "xyz")` is `[1, 2, 3]`. */
export function reorder(
  values: ArrayLike<number>,
  from: Orientation3D,
  to: Orientation3D,
): [number, number, number] {
  return toOrder(fromOrder(values, from), to);
}

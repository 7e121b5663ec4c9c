import { InvalidOptionError } from "../errors.js";
import { checkObject, refuseUnknown } from "../options/check-option.js";
import type { Axis, Orientation3D, Vector3 } from "./axis-order.js";
import { axesOf, isAxisOrder } from "./axis-order.js";
import { downsampleFactorAt } from "./downsample-factor.js";
import { sectionOf } from "./section.js";
import type { StackOrientation } from "./stack-orientation.js";
import { matchingAxis, parseStackOrientation } from "./stack-orientation.js";

/** What a {@link CoordinateTransformer} is made of. A `ProjectStack` has all of it. */
export interface CoordinateTransformerOptions {
  /** Project units (nm) per voxel of zoom level 0, per **stack** axis. Axes left out: 1. */
  readonly resolution?: Partial<Vector3>;
  /** Place of the stack's origin in project units, per **project** axis. Axes left out: 0. */
  readonly translation?: Partial<Vector3>;
  /** How the stack lies in project space, by name or by CATMAID's number 0, 1 or 2. Default: `"xy"`. */
  readonly orientation?: StackOrientation | Uppercase<StackOrientation> | 0 | 1 | 2;
  /** Voxels of level 0 per voxel of each level, in stack axes. Default: 2 ** level in x and y, 1 in z. */
  readonly downsampleFactors?: readonly Vector3[] | null;
}

/** Options of `CoordinateTransformer.stackToScaled`. */
export interface StackToScaledOptions {
  /** Zoom level of the coordinates given. Default: 0, stack space. */
  readonly fromZoomLevel?: number;
  /** Axis order of the columns of an array of points. Default: `"xyz"`. */
  readonly order?: Orientation3D;
}

const optionNames: readonly string[] = ["resolution", "translation", "orientation", "downsampleFactors"];
const scaledOptionNames: ReadonlySet<string> = new Set(["fromZoomLevel", "order"]);

const axes: readonly Axis[] = ["x", "y", "z"];

/**
 * Maps points between project space (nm), stack space (voxels of zoom level 0) and scaled space (voxels of another
 * level). All values are continuous: nothing is rounded.
 *
 * As in CATMAID, the resolution is per stack axis and the translation per project axis; for XZ and ZY stacks catpy
 * differs.
 *
 * @example
 * ```ts
 * const transformer = new CoordinateTransformer({ resolution: { x: 4, y: 4, z: 35 }, orientation: "xz" });
 * transformer.projectToStack({ x: 400, y: 350, z: 800 }); // { x: 100, y: 200, z: 10 }
 * ```
 */
export class CoordinateTransformer {
  /** Project units (nm) per voxel of zoom level 0, per stack axis. */
  readonly resolution: Vector3;
  /** Place of the stack's origin in project units, per project axis. */
  readonly translation: Vector3;
  /** How the stack lies in project space. */
  readonly orientation: StackOrientation;
  /** Voxels of level 0 per voxel of each level, in stack axes; `null` for powers of two. */
  readonly downsampleFactors: readonly Vector3[] | null;

  /** @throws InvalidOptionError for a resolution or factor that is not positive, or a translation that is not finite. */
  constructor(options: CoordinateTransformerOptions = {}) {
    checkObject(options, "resolution, translation", "a CoordinateTransformer");
    // A stack has more properties than these. An object with none of them, such as a bare resolution, is a mistake.
    if (Object.keys(options).length > 0 && !optionNames.some((name) => name in options)) {
      throw new InvalidOptionError(`a CoordinateTransformer is made of { ${optionNames.join(", ")} }`);
    }
    this.resolution = checkVector("resolution", options.resolution, 1, isPositive);
    this.translation = checkVector("translation", options.translation, 0, Number.isFinite);
    this.orientation = parseStackOrientation(options.orientation ?? "xy");
    const factors = options.downsampleFactors ?? null;
    this.downsampleFactors =
      factors === null
        ? null
        : Object.freeze(
            factors.map((factor, level) =>
              checkVector(`downsampleFactors[${level}]`, factor, Number.NaN, isPositive),
            ),
          );
  }

  /** Makes a transformer from a stack-info object of CATMAID's API, or from anything with its keys. */
  static fromStackInfo(info: {
    readonly resolution: Vector3;
    readonly translation?: Partial<Vector3>;
    readonly orientation?: number | string;
    readonly downsample_factors?: readonly Vector3[] | null;
  }): CoordinateTransformer {
    return new CoordinateTransformer({
      resolution: info.resolution,
      translation: info.translation ?? {},
      orientation: parseStackOrientation(info.orientation ?? "xy"),
      downsampleFactors: info.downsample_factors?.length ? info.downsample_factors : null,
    });
  }

  /** Maps a point in project space (nm, project axes) to stack space (voxels of level 0, stack axes). */
  projectToStack(point: Vector3): Vector3;
  /** Maps a point of which only some axes are known. The result has the stack axes that run along those axes. */
  projectToStack(point: Partial<Vector3>): Partial<Vector3>;
  /** Maps points with their columns in any axis order. The result has the stack axes in the same order. */
  projectToStack(points: ArrayLike<ArrayLike<number>>, order?: Orientation3D): [number, number, number][];
  projectToStack(
    given: Partial<Vector3> | ArrayLike<ArrayLike<number>>,
    order: Orientation3D = "xyz",
  ): Partial<Vector3> | [number, number, number][] {
    return this.#map(given, order, (axis, value) => {
      const stackAxis = matchingAxis(this.orientation, axis);
      return [stackAxis, (value - this.translation[axis]) / this.resolution[stackAxis]];
    });
  }

  /** Maps a point in stack space (voxels of level 0, stack axes) to project space (nm, project axes). */
  stackToProject(point: Vector3): Vector3;
  /** Maps a point of which only some axes are known. The result has the project axes that run along those axes. */
  stackToProject(point: Partial<Vector3>): Partial<Vector3>;
  /** Maps points with their columns in any axis order. The result has the project axes in the same order. */
  stackToProject(points: ArrayLike<ArrayLike<number>>, order?: Orientation3D): [number, number, number][];
  stackToProject(
    given: Partial<Vector3> | ArrayLike<ArrayLike<number>>,
    order: Orientation3D = "xyz",
  ): Partial<Vector3> | [number, number, number][] {
    return this.#map(given, order, (axis, value) => {
      const projectAxis = matchingAxis(this.orientation, axis);
      return [projectAxis, value * this.resolution[axis] + this.translation[projectAxis]];
    });
  }

  /**
   * Maps a point in stack space to scaled space: voxels of `zoomLevel`, stack axes. Levels outside the stack's pyramid,
   * including negative ones, continue by powers of two in x and y.
   *
   * @throws InvalidZoomLevelError for a level that is not a whole number.
   */
  stackToScaled(point: Vector3, zoomLevel: number, options?: StackToScaledOptions): Vector3;
  /** Maps a point of which only some axes are known. */
  stackToScaled(point: Partial<Vector3>, zoomLevel: number, options?: StackToScaledOptions): Partial<Vector3>;
  /** Maps points with their columns in any axis order. */
  stackToScaled(
    points: ArrayLike<ArrayLike<number>>,
    zoomLevel: number,
    options?: StackToScaledOptions,
  ): [number, number, number][];
  stackToScaled(
    given: Partial<Vector3> | ArrayLike<ArrayLike<number>>,
    zoomLevel: number,
    options: StackToScaledOptions = {},
  ): Partial<Vector3> | [number, number, number][] {
    refuseUnknown(options, scaledOptionNames, "stackToScaled");
    const from = downsampleFactorAt(this.downsampleFactors, options.fromZoomLevel ?? 0);
    const to = downsampleFactorAt(this.downsampleFactors, zoomLevel);
    return this.#map(given, options.order ?? "xyz", (axis, value) => [axis, (value * from[axis]) / to[axis]]);
  }

  /**
   * The section (whole stack z) that contains a point in project space. Only the coordinate along the normal of the
   * sections matters.
   */
  projectToSection(point: Vector3): number {
    const normal = matchingAxis(this.orientation, "z");
    return sectionOf(point[normal], this.translation[normal], this.resolution.z);
  }

  /** Whether another transformer maps every point to the same place. */
  equals(other: CoordinateTransformer): boolean {
    return (
      this.orientation === other.orientation &&
      sameVector(this.resolution, other.resolution) &&
      sameVector(this.translation, other.translation) &&
      sameFactors(this.downsampleFactors, other.downsampleFactors)
    );
  }

  #map(
    given: Partial<Vector3> | ArrayLike<ArrayLike<number>>,
    order: Orientation3D,
    mapAxis: (axis: Axis, value: number) => readonly [Axis, number],
  ): Partial<Vector3> | [number, number, number][] {
    if (!isArrayLike(given)) return mapPoint(given, mapAxis);
    if (!isAxisOrder(order))
      throw new InvalidOptionError(`order must be an axis order such as "xyz", got ${order}`);
    const columns = axesOf(order);
    return Array.from(given, (row, index): [number, number, number] => {
      if (!isArrayLike(row) || row.length !== 3) {
        throw new InvalidOptionError(`points must be an array of rows of three numbers; row ${index} is not`);
      }
      const point: Partial<Record<Axis, number>> = {};
      columns.forEach((axis, column) => {
        point[axis] = row[column] ?? Number.NaN;
      });
      const mapped = mapPoint(point, mapAxis);
      return columns.map((axis) => mapped[axis] ?? Number.NaN) as [number, number, number];
    });
  }
}

function mapPoint(
  point: Partial<Vector3>,
  mapAxis: (axis: Axis, value: number) => readonly [Axis, number],
): Partial<Vector3> {
  const mapped: Partial<Record<Axis, number>> = {};
  for (const axis of axes) {
    const value = point[axis];
    if (value === undefined) continue;
    const [target, result] = mapAxis(axis, value);
    mapped[target] = result;
  }
  return mapped;
}

function isArrayLike<T>(value: object | ArrayLike<T>): value is ArrayLike<T> {
  return (
    typeof value === "object" && value !== null && typeof (value as { length?: unknown }).length === "number"
  );
}

function checkVector(
  name: string,
  vector: Partial<Vector3> | undefined,
  fallback: number,
  isValid: (value: number) => boolean,
): Vector3 {
  const checked = axes.map((axis) => {
    const value = vector?.[axis] ?? fallback;
    if (typeof value === "number" && Number.isFinite(value) && isValid(value)) return value;
    throw new InvalidOptionError(
      `${name}.${axis} must be a ${isValid === isPositive ? "positive " : ""}number, got ${value}`,
    );
  });
  const [x = fallback, y = fallback, z = fallback] = checked;
  return Object.freeze({ x, y, z });
}

function isPositive(value: number): boolean {
  return value > 0;
}

function sameVector(a: Vector3, b: Vector3): boolean {
  return axes.every((axis) => a[axis] === b[axis]);
}

function sameFactors(a: readonly Vector3[] | null, b: readonly Vector3[] | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((factor, level) => sameVector(factor, b[level] ?? factor));
}

import { InvalidStackError } from "../errors.js";
import { refuseUnknown } from "../options/check-option.js";
import type { Vector3 } from "../space/axis-order.js";
import type { CoordinateTransformer } from "../space/coordinate-transformer.js";
import type { StackOrientation } from "../space/stack-orientation.js";
import { parseCatmaidStack } from "./catmaid-stack.js";
import { tileSourceOf } from "./mirror/tile-source.js";
import { shownValue } from "./shown-value.js";
import { Stack, transformerOf } from "./stack.js";
import { parseStackInfo } from "./stack-info.js";
import type { FromStackInfoOptions, ProjectStackOptions } from "./stack-options.js";

export type { ProjectStackOptions } from "./stack-options.js";

/**
 * A stack with its place in project space.
 *
 * @example
 * ```ts
 * const info = await (await fetch("https://example.org/catmaid/1/stack/3/info")).json();
 * const stack = ProjectStack.fromStackInfo(info, { catmaidUrl: "https://example.org/catmaid/" });
 * stack.mirrors.map((mirror) => mirror.unsupportedReason ?? mirror.title);
 * ```
 */
export class ProjectStack extends Stack {
  /** Project units (nm) per voxel of level 0, per **stack** axis. */
  readonly resolution: Vector3;
  /** Place of the stack's origin in project units, per **project** axis. */
  readonly translation: Vector3;
  /** How the stack lies in project space. */
  readonly orientation: StackOrientation;
  /** CATMAID's id of the project, if known. */
  readonly projectId: number | string | null;
  readonly #projectTransformer: CoordinateTransformer;

  /** @throws InvalidStackError for a resolution that is missing or not positive, and for what {@link Stack} refuses. */
  constructor(options: ProjectStackOptions) {
    super(options);
    checkResolution(options.resolution);
    this.#projectTransformer = transformerOf({
      resolution: options.resolution,
      translation: options.translation ?? {},
      orientation: options.orientation ?? "xy",
      downsampleFactors: this.downsampleFactors,
    });
    this.resolution = this.#projectTransformer.resolution;
    this.translation = this.#projectTransformer.translation;
    this.orientation = this.#projectTransformer.orientation;
    this.projectId = options.projectId ?? null;
    for (const mirror of this.mirrors) {
      if (mirror.orientation === this.orientation || !tileSourceOf(mirror.tileSourceType)?.needsOrientation)
        continue;
      throw new InvalidStackError(
        `mirror ${JSON.stringify(mirror.title)} makes URLs for a stack of orientation "${mirror.orientation}", ` +
          `and this one has "${this.orientation}"`,
      );
    }
  }

  /**
   * Makes the stack from an answer of CATMAID's `/{project}/stack/{stack}/info`, from a server of any age; see
   * `StackInfo`. JSON text is accepted too.
   *
   * @param options - `catmaidUrl` is needed for mirrors that ask CATMAID itself, and for those with relative addresses.
   * @throws InvalidStackError if it is not a stack info. If the server sent an error instead, the message quotes it.
   */
  static fromStackInfo(info: unknown, options: FromStackInfoOptions = {}): ProjectStack {
    refuseUnknown(options, new Set(["catmaidUrl", "settings"]), "fromStackInfo");
    return new ProjectStack(parseStackInfo(info, options));
  }

  /**
   * Makes the stack from a live `CATMAID.Stack` of CATMAID's front-end, in its 2022 or 2024 form. The data are copied,
   * so later changes to the object have no effect.
   *
   * @param options - `projectId` is needed for mirrors that ask CATMAID itself, because the live stack does not know
   * it. `settings` are those of the viewer's layer; its `tileSource` is accepted.
   * @throws InvalidStackError if it is not a stack.
   * @throws InvalidOptionError for settings that no URL can hold.
   */
  static fromCatmaidStack(
    stack: unknown,
    options: FromStackInfoOptions & { readonly projectId?: number | string } = {},
  ): ProjectStack {
    refuseUnknown(options, new Set(["projectId", "catmaidUrl", "settings"]), "fromCatmaidStack");
    return new ProjectStack(parseCatmaidStack(stack, options));
  }

  /** Maps points between the spaces. */
  override get transformer(): CoordinateTransformer {
    return this.#projectTransformer;
  }
}

/** A transformer defaults to 1 nm. For a stack in project space, that would select the wrong voxels. */
function checkResolution(resolution: Partial<Vector3> | null | undefined): void {
  if (typeof resolution !== "object" || resolution === null) {
    throw new InvalidStackError(
      `a ProjectStack must have a resolution { x, y, z } in nm per voxel, got ${shownValue(resolution)}; a Stack has none`,
    );
  }
  for (const axis of ["x", "y", "z"] as const) {
    const value: unknown = resolution[axis];
    if (typeof value === "number") continue;
    throw new InvalidStackError(
      `the stack's resolution.${axis} must be a positive number, got ${shownValue(value)}`,
    );
  }
}

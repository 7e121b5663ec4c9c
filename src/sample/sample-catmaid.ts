import { sliceDims } from "./sample-block.js";
import { type SampleMirror, type SampleStack, sampleExtension, sampleStacks } from "./sample-stack.js";

/** What the sample's only project holds, who may read it, and how errors are reported. */
export interface SampleCatmaidOptions {
  /** Default {@link sampleStacks}: one tissue in XY, XZ and ZY. */
  readonly stacks?: readonly SampleStack[];
  /** The CATMAID token that readers need. Default: none. */
  readonly token?: string;
  /** How errors are reported: by HTTP status or, as before 2020, in a body with status 200. Default `"status"`. */
  readonly errors?: "status" | "body";
}

/** An answer of the sample's CATMAID. */
export interface SampleAnswer {
  readonly status: number;
  readonly contentType: "application/json" | "text/html";
  readonly body: string;
}

/** Id of the only project. */
export const sampleProjectId = 1;
const projectTitle = "Sample project";

/**
 * Answers as CATMAID's back-end does. `path` has no leading slash. `token` comes from the request's headers. `tileUrl`
 * is the base URL of the tiles, with a slash at its end.
 */
export function answerAsCatmaid(
  options: SampleCatmaidOptions,
  path: string,
  token: string | undefined,
  tileUrl: string,
): SampleAnswer {
  const { stacks = sampleStacks() } = options;
  const allowed = mayRead(options, token);
  if (path === "version") return json(200, { SERVER_VERSION: "catmaid-image sample" });
  if (path === "projects/" || path === "projects") {
    // Django REST's views refuse a wrong token. CATMAID's own views, below, treat its bearer as anonymous.
    if (token !== undefined && !allowed) return json(401, { detail: "Invalid token." });
    return json(200, allowed ? [project(stacks, tileUrl)] : []);
  }
  const match = /^(\d+)\/(stacks|stack\/(\d+)\/(info|groups))$/.exec(path);
  if (match === null) return { status: 404, contentType: "text/html", body: "<h1>Not Found</h1>" };
  const failure = (status: number, type: string, error: string) => {
    const detail = `Traceback (most recent call last):\n${type}: ${error}`;
    return json(options.errors === "body" ? 200 : status, { detail, error, meta: null, type });
  };
  if (Number(match[1]) !== sampleProjectId)
    return failure(500, "DoesNotExist", "Project matching query does not exist.");
  if (!allowed)
    return failure(
      403,
      "PermissionError",
      `User AnonymousUser has no permission to browse project ${sampleProjectId}`,
    );
  if (match[2] === "stacks") {
    const listed = stacks.map(({ id, title }) => ({ comment: null, id, pid: sampleProjectId, title }));
    return json(200, listed);
  }
  const stack = stacks.find(({ id }) => id === Number(match[3]));
  if (stack === undefined) return failure(404, "Http404", "No Stack matches the given query.");
  if (match[4] === "groups") return json(200, { stack_group_ids: [] });
  return json(200, stackInfo(stack, tileUrl));
}

/** Whether a client with this token, or none, may read the project, and so CATMAID's own tiles (type 3). */
export function mayRead(options: SampleCatmaidOptions, token: string | undefined): boolean {
  return options.token === undefined || token === options.token;
}

function project(stacks: readonly SampleStack[], tileUrl: string): Record<string, unknown> {
  const listed = stacks.map((stack) => {
    const { id, title, dimension } = stack;
    const dimensions = [dimension.x, dimension.y, dimension.z];
    return { comment: null, dimensions, id, mirrors: mirrorInfos(stack, tileUrl), title };
  });
  return { comment: null, id: sampleProjectId, stackgroups: [], stacks: listed, title: projectTitle };
}

function stackInfo(stack: SampleStack, tileUrl: string): Record<string, unknown> {
  const { dimension, brokenSlices, downsampleFactors: factors } = stack;
  const isLabels = stack.shows === "labels";
  let canary = Math.floor(dimension.z / 2);
  while (brokenSlices.includes(canary)) canary++;
  return {
    attribution: null,
    broken_slices: Object.fromEntries(brokenSlices.map((section) => [section, 1])),
    canary_location: { x: Math.floor(dimension.x / 2), y: Math.floor(dimension.y / 2), z: canary },
    comment: null,
    description: `${isLabels ? "The cells of a" : "A"} procedurally drawn tissue; no animal has it.`,
    dimension,
    downsample_factors: factors,
    metadata: isLabels ? { catmaidLabelMeta: { background: 0 } } : null,
    mirrors: mirrorInfos(stack, tileUrl),
    num_zoom_levels: factors === null ? -1 : factors.length - 1,
    orientation: { xy: 0, xz: 1, zy: 2 }[stack.plane],
    pid: sampleProjectId,
    placeholder_color: { r: 0, g: 0, b: 0, a: 1 },
    ptitle: projectTitle,
    resolution: stack.resolution,
    sid: stack.id,
    stitle: stack.title,
    translation: stack.translation,
  };
}

function mirrorInfos(stack: SampleStack, tileUrl: string): Record<string, unknown>[] {
  return stack.mirrors.map((mirror, position) => ({
    file_extension: sampleExtension(mirror),
    id: stack.id * 100 + position,
    image_base: imageBase(stack, mirror, `${tileUrl}${stack.id}/${mirror.key}/`),
    position,
    tile_height: mirror.tileHeight,
    tile_source_type: mirror.type,
    tile_width: mirror.tileWidth,
    title: mirror.title,
  }));
}

function imageBase({ plane }: SampleStack, mirror: SampleMirror, base: string): string {
  const { key, type, format, tileWidth, tileHeight } = mirror;
  if (type === 3) return key;
  if (format === "blocks") return `${base}%SCALE_DATASET%/${sliceDims[plane].join("_")}`;
  if (type !== 10) return base;
  return `${base}%SCALE_DATASET%/${tileWidth}_${tileHeight}_1/0_1/%AXIS_0%_%AXIS_1%_%AXIS_2%`;
}

function json(status: number, value: unknown): SampleAnswer {
  return { status, contentType: "application/json", body: JSON.stringify(value, null, 2) };
}

import type { SampleStack } from "./sample-stack.js";
import { sampleMirrorInfos, sampleStackInfo } from "./sample-stack-info.js";

/** Who may read, and how errors are told. */
export interface SampleCatmaidOptions {
  /** The only project's id. */
  readonly projectId: number;
  /** The stacks of the project. */
  readonly stacks: readonly SampleStack[];
  /** The token without which nothing may be read; undefined opens the project to everyone. */
  readonly token: string | undefined;
  /** `"status"` as CATMAID has it since 2020; `"body"` tells errors with status 200, as it did before. */
  readonly errors: "status" | "body";
}

/** An answer of the sample's CATMAID. */
export interface SampleAnswer {
  readonly status: number;
  readonly contentType: "application/json" | "text/html";
  readonly body: string;
}

const projectTitle = "Sample project";

/**
 * Answers as CATMAID's back-end does. `path` has no leading slash; `token` is what the request's headers held;
 * `tileUrl` is where tiles are served, with a slash at its end.
 */
export function answerAsCatmaid(
  options: SampleCatmaidOptions,
  path: string,
  token: string | undefined,
  tileUrl: string,
): SampleAnswer {
  const { projectId, stacks } = options;
  const allowed = options.token === undefined || token === options.token;
  if (path === "version") return json(200, { SERVER_VERSION: "catmaid-image sample" });
  if (path === "projects/" || path === "projects") {
    // Django REST's views tell a wrong token; CATMAID's own, below, take its bearer for anonymous.
    if (token !== undefined && options.token !== undefined && !allowed)
      return json(401, { detail: "Invalid token." });
    return json(200, allowed ? [project(options, tileUrl)] : []);
  }
  const match = /^(\d+)\/(stacks|stack\/(\d+)\/(info|groups))$/.exec(path);
  if (match === null) return { status: 404, contentType: "text/html", body: "<h1>Not Found</h1>" };
  if (Number(match[1]) !== projectId) {
    return failure(options, 500, "DoesNotExist", "Project matching query does not exist.");
  }
  if (!allowed) {
    const message = `User AnonymousUser has no permission to browse project ${projectId}`;
    return failure(options, 403, "PermissionError", message);
  }
  if (match[2] === "stacks") {
    return json(
      200,
      stacks.map(({ id, title }) => ({ comment: null, id, pid: projectId, title })),
    );
  }
  const stack = stacks.find(({ id }) => id === Number(match[3]));
  if (stack === undefined) return failure(options, 404, "Http404", "No Stack matches the given query.");
  if (match[4] === "groups") return json(200, { stack_group_ids: [] });
  return json(200, sampleStackInfo(stack, { id: projectId, title: projectTitle }, tileUrl));
}

/** The refusal of CATMAID's own tiles (tile source type 3) to who may not read. */
export function mayReadTiles(options: SampleCatmaidOptions, token: string | undefined): boolean {
  return options.token === undefined || token === options.token;
}

function project({ projectId, stacks }: SampleCatmaidOptions, tileUrl: string): Record<string, unknown> {
  return {
    comment: null,
    id: projectId,
    stackgroups: [],
    stacks: stacks.map((stack) => ({
      comment: null,
      dimensions: [stack.dimension.x, stack.dimension.y, stack.dimension.z],
      id: stack.id,
      mirrors: sampleMirrorInfos(stack, tileUrl),
      title: stack.title,
    })),
    title: projectTitle,
  };
}

function failure(
  { errors }: SampleCatmaidOptions,
  status: number,
  type: string,
  error: string,
): SampleAnswer {
  const detail = `Traceback (most recent call last):\n${type}: ${error}`;
  return json(errors === "body" ? 200 : status, { detail, error, meta: null, type });
}

function json(status: number, value: unknown): SampleAnswer {
  return { status, contentType: "application/json", body: JSON.stringify(value, null, 2) };
}

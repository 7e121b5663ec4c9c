import { shownUrl } from "../../../workers/transport/shown-url.js";
import { UsageError } from "../usage-error.js";

/** The address of a stack in CATMAID. */
export interface StackAddress {
  /** CATMAID's URL. */
  readonly baseUrl: string;
  /** IDs, as in a URL. */
  readonly projectId: string;
  readonly stackId: string;
}

/** Puts `http://` before an address of this machine that has no scheme. Returns any other text unchanged. */
export function withScheme(text: string): string {
  return /^(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\])(?::\d+)?(?:[/?]|$)/i.test(text)
    ? `http://${text}`
    : text;
}

/** Whether the name of a missing file looks like an address without a scheme. */
export function looksLikeAddress(text: string): boolean {
  return /^[\w-]+(?:\.[\w-]+)+[/?]|^[\w.-]+:\d+(?:[/?]|$)/.test(text);
}

/** The stack in the URL of a stack info or of CATMAID's viewer; `undefined` for other URLs. */
export function stackAddress(source: string): StackAddress | undefined {
  const info = /^(.*\/)([^/?#]+)\/stack\/([^/?#]+)\/info\/?$/.exec(source);
  if (info !== null) {
    const [, baseUrl = "", projectId = "", stackId = ""] = info;
    return { baseUrl, projectId: decoded(projectId), stackId: decoded(stackId) };
  }
  const url = new URL(source);
  const projectId = url.searchParams.get("pid");
  if (projectId === null || projectId === "") return undefined;
  const stackId = url.searchParams.get("sid0");
  const baseUrl = new URL(".", url).href;
  if (stackId !== null && stackId !== "") return { baseUrl, projectId, stackId };
  throw new UsageError(
    `the address is of a viewer in project ${projectId} that shows no stack (sid0): ` +
      `give --server ${shownUrl(baseUrl)} --project ${projectId} --stack ID`,
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

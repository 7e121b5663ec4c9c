import { InvalidOptionError } from "../errors.js";
import type { Auth } from "../stack/mirror/auth.js";

/** What this library needs of a CATMAID client: a `CatmaidClient`, or any object with `projectId` and `get`. */
export interface CatmaidClientLike {
  /** The project whose stacks are asked for. */
  readonly projectId: number | string;
  /** CATMAID's own URL, for mirrors of types 3 and 13 and for relative ones. */
  readonly baseUrl?: string;
  /** Credentials for CATMAID itself, which mirrors of types 3 and 13 need. */
  readonly auth?: Auth | undefined;
  /** Gets the JSON at a path relative to CATMAID's URL, such as `"1/stack/2/info"`. */
  get(path: string): Promise<unknown>;
}

/** Asks CATMAID for the stack info of a stack. */
export function requestStackInfo(client: CatmaidClientLike, stackId: number | string): Promise<unknown> {
  if (typeof client?.get !== "function") {
    throw new InvalidOptionError(
      "a stack is asked for through a CatmaidClient, or an object with projectId and get(path)",
    );
  }
  const { projectId } = client;
  if (!isId(projectId)) throw new InvalidOptionError("the client has no projectId to look for the stack in");
  if (!isId(stackId)) throw new InvalidOptionError(`a stack id is a number or text, got ${String(stackId)}`);
  return client.get(`${encodeURIComponent(projectId)}/stack/${encodeURIComponent(stackId)}/info`);
}

function isId(value: unknown): value is number | string {
  return Number.isSafeInteger(value) || (typeof value === "string" && value !== "");
}

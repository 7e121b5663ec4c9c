import { haveSameOrigin } from "../source/mirror-origin.js";
import { ProjectStack } from "../stack/project-stack.js";
import type { FromStackInfoOptions } from "../stack/stack-options.js";
import type { CatmaidClientLike } from "./stack-info-request.js";
import { requestStackInfo } from "./stack-info-request.js";

/**
 * Requests a stack's info from CATMAID. Mirrors that CATMAID itself serves get the client's credentials, unless
 * `catmaidUrl` leads to another origin.
 */
export async function stackFromCatmaid(
  client: CatmaidClientLike,
  stackId: number | string,
  { catmaidUrl = client?.baseUrl, settings }: FromStackInfoOptions = {},
): Promise<ProjectStack> {
  const info = await requestStackInfo(client, stackId);
  const stack = ProjectStack.fromStackInfo(info, { catmaidUrl, settings });
  if (catmaidUrl !== undefined && haveSameOrigin(catmaidUrl, client.baseUrl ?? catmaidUrl)) {
    for (const mirror of stack.mirrors) if (mirror.asksCatmaid) mirror.auth ??= client.auth;
  }
  return stack;
}

import type { CatmaidClientLike } from "./client/stack-info-request.js";
import { requestStackInfo } from "./client/stack-info-request.js";
import { haveSameOrigin } from "./mirror-requests.js";
import { ProjectStack } from "./stack/project-stack.js";

/**
 * The stack that CATMAID describes. Mirrors that ask CATMAID itself are asked as it was, with the client's credentials,
 * unless `catmaidUrl` leads to another origin.
 */
export async function stackFromCatmaid(
  client: CatmaidClientLike,
  stackId: number | string,
  catmaidUrl: string | undefined = client.baseUrl,
): Promise<ProjectStack> {
  const info = await requestStackInfo(client, stackId);
  const stack = ProjectStack.fromStackInfo(info, catmaidUrl === undefined ? {} : { catmaidUrl });
  if (catmaidUrl !== undefined && haveSameOrigin(catmaidUrl, client.baseUrl ?? catmaidUrl)) {
    for (const mirror of stack.mirrors) if (mirror.asksCatmaid) mirror.auth ??= client.auth;
  }
  return stack;
}

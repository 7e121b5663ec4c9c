import type { Auth } from "../stack/mirror/auth.js";
import { authHeaders } from "../stack/mirror/auth.js";
import { joinedHeaders, type RequestHeaders } from "../stack/mirror/request-headers.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";

/** The headers that a mirror's requests carry. */
export interface Credentials {
  /** Credentials for the mirror, if any. */
  readonly auth: Auth | undefined;
  /** Other headers for the mirror. Headers of the credentials replace those of the same name. */
  readonly headers?: RequestHeaders | undefined;
}

/** The headers of a request to a mirror. */
export async function headersFor(
  mirror: StackMirror,
  { auth, headers = {} }: Credentials,
): Promise<RequestHeaders> {
  const tokenHeader = mirror.asksCatmaid ? "X-Authorization" : "Authorization";
  return joinedHeaders(headers, await authHeaders(auth, tokenHeader));
}

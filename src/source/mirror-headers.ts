import type { Auth } from "../stack/mirror/auth.js";
import { authHeaders } from "../stack/mirror/auth.js";
import { joinedHeaders, type RequestHeaders } from "../stack/mirror/request-headers.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";

/** What a mirror is told of who asks. */
export interface Credentials {
  /** Credentials for the mirror, if any. */
  readonly auth: Auth | undefined;
  /** Other headers for the mirror; those of the credentials go over them. */
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

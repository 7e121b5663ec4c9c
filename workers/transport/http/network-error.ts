const plainWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the host name could not be looked up",
  ETIMEDOUT: "the connection timed out",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
};

/** Says in words what was wrong with a connection. */
export function networkProblem({ message, code }: Error & { readonly code?: string }): string {
  const refusal = /^Bad response: (\d+)$/.exec(message)?.[1];
  if (refusal !== undefined) {
    const hint = refusal === "407" ? ", which is a matter of the user and the password in its URL" : "";
    return `the proxy opened no tunnel: it answered with HTTP status ${refusal}${hint}`;
  }
  const words = code === undefined ? undefined : plainWords[code];
  return words === undefined ? message : `${words} (${code})`;
}

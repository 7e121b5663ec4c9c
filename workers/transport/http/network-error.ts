const plainWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the host name could not be looked up",
  ETIMEDOUT: "the connection timed out",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
};

/** Codes of certificates that no known authority vouches for. */
const untrusted: ReadonlySet<string | undefined> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
]);

/** Says in words what was wrong with a connection. */
export function networkProblem({ message, code }: Error & { readonly code?: string }): string {
  const refusal = /^Bad response: (\d+)$/.exec(message)?.[1];
  if (refusal !== undefined) {
    const hint = refusal === "407" ? ", which is a matter of the user and the password in its URL" : "";
    return `the proxy opened no tunnel: it answered with HTTP status ${refusal}${hint}`;
  }
  if (untrusted.has(code)) {
    return `${message} (to trust it, set NODE_EXTRA_CA_CERTS to the file of the certificate or of its authority)`;
  }
  // OpenSSL names its source file too.
  const fault = /:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1];
  if (fault !== undefined) {
    const hint = fault === "wrong version number" ? "; try http:// in its address" : "";
    return `the server does not answer in TLS as it should: ${fault}${hint}`;
  }
  const words = code === undefined ? undefined : plainWords[code];
  return words === undefined ? message : `${words} (${code})`;
}

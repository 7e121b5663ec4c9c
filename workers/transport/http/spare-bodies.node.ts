/**
 * Memory for bodies, reused as soon as a tile has been decoded: new pages and their collection cost more than reading
 * the bytes. There is one list per thread.
 */
const spares: Buffer[] = [];

// As many as one worker has requests in flight. Larger buffers are not kept.
const mostSpares = 32;
const largestSpareBytes = 1024 * 1024;
const granularityBytes = 64 * 1024;

/** A buffer of at least so many bytes, with any content, that nothing else uses. */
export function takeBody(bytes: number): Buffer {
  const fitting = spares.findIndex((spare) => spare.length >= bytes);
  const [spare] = fitting < 0 ? [] : spares.splice(fitting, 1);
  // Not from Node's pool, whose buffers are shared.
  return spare ?? Buffer.allocUnsafeSlow(Math.ceil(Math.max(1, bytes) / granularityBytes) * granularityBytes);
}

/** Returns a buffer for reuse. Its content is lost. */
export function returnBody(body: Buffer): void {
  if (spares.length < mostSpares && body.length <= largestSpareBytes) spares.push(body);
}

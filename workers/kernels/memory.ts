/** First byte above the module's static data: where the caller's regions begin. */
export function heapBase(): usize {
  return __heap_base;
}

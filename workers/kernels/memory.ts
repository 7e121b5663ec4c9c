/** First byte after the module's static data. The caller's regions begin here. */
export function heapBase(): usize {
  return __heap_base;
}

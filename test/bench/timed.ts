/** Runs something. Measures its time, and the user and system time of this process meanwhile, in ms. */
export async function timed<T>(
  run: () => T | Promise<T>,
): Promise<{ readonly result: T; readonly wallMs: number; readonly cpuMs: number }> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await run();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { result, wallMs, cpuMs: (user + system) / 1000 };
}

import { afterEach, beforeEach, expect } from "vitest";

/** Fails each test of the file that leaves a rejection unhandled, or causes another of these process events. */
export function expectNoComplaints(...more: readonly "warning"[]): void {
  const events = ["unhandledRejection", ...more] as const;
  const complaints: unknown[] = [];
  const note = (complaint: unknown): number => complaints.push(complaint);
  beforeEach(() => {
    complaints.length = 0;
    for (const event of events) process.on(event as "unhandledRejection", note);
  });
  afterEach(async () => {
    // Node reports them one turn of its event loop later.
    await new Promise((resolve) => setImmediate(resolve));
    for (const event of events) process.off(event as "unhandledRejection", note);
    expect(complaints).toEqual([]);
  });
}

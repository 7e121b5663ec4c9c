import { afterAll, expect, test } from "vitest";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { runSoak } from "../../soak/run-soak.js";

afterAll(closeSharedPools);

const seed = Number(process.env["FAULT_SEED"] ?? Date.now() % 1e6);

/** `npm run soak` is the long form, and looks at memory too. */
test(`1,000 tiles while every tenth request fails and workers are killed: no wrong voxel (FAULT_SEED=${seed})`, async () => {
  const figures = await runSoak({ tiles: 1000, seed, tilesPerKill: 300, threads: 2 });
  expect(figures).toMatchObject({ wrongVoxels: 0, unreportedFills: 0, leftListeners: 0 });
  expect(figures.voxels).toBeGreaterThan(500_000);
  expect(figures.faults).toBeGreaterThan(50);
  expect(figures.kills).toBeGreaterThan(0);
  expect(figures.workersStarted).toBeGreaterThan(2);
  expect(figures.abortedFetches).toBe(figures.rounds);
});

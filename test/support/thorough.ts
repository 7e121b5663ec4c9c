import { inject } from "vitest";

declare module "vitest" {
  export interface ProvidedContext {
    /** Whether the tests try all combinations: `npm run test:thorough`. */
    isThorough: boolean;
  }
}

/** Whether every combination is tried, and properties are tried more often. */
export const isThorough: boolean = inject("isThorough");

/** How often a property is tried. A thorough run tries it four times as often. */
export function runs(count: number): number {
  return isThorough ? 4 * count : count;
}

/**
 * Whether a combination is tried, which is true for one in `of`. The choice depends on the places of its members in
 * their lists, so that each member is in some tried combinations, each time with others. A thorough run tries all.
 */
export function isTried(of: number, ...places: readonly number[]): boolean {
  return isThorough || places.reduce((sum, place) => sum + place, 0) % of === 0;
}

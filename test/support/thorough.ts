import { inject } from "vitest";

declare module "vitest" {
  export interface ProvidedContext {
    /** Whether the tests leave out no combination: `npm run test:thorough`. */
    isThorough: boolean;
  }
}

/** Whether every combination is tried, and properties often. */
export const isThorough: boolean = inject("isThorough");

/** How often a property is tried: in a thorough run four times as often. */
export function runs(count: number): number {
  return isThorough ? 4 * count : count;
}

/**
 * Whether a combination is tried, of which every `of`-th is: by the places of its members in their lists, so that each member is
 * in some of them, with others each time. A thorough run tries all.
 */
export function isTried(of: number, ...places: readonly number[]): boolean {
  return isThorough || places.reduce((sum, place) => sum + place, 0) % of === 0;
}

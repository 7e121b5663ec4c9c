import { ProjectStack } from "../stack/project-stack.js";
import type { Stack } from "../stack/stack.js";

/** What a caller of regions in nanometres has to know of a stack that does not lie as the project does. */
export function axesWarning(stack: Stack): string | undefined {
  if (!(stack instanceof ProjectStack) || stack.orientation === "xy") return undefined;
  return (
    `the stack lies ${stack.orientation} in project space: a region in nanometres is mapped axis by axis, ` +
    "and the volume keeps the stack's own axes"
  );
}

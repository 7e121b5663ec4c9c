import { boundTolerance } from "./roi.js";

/**
 * The section that contains a project coordinate along the normal of the sections. As in CATMAID, section `n` reaches
 * from its own start up to the start of the next one. Unlike in CATMAID, the start of a section always belongs to it:
 * CATMAID's epsilon is too small for some resolutions and has the wrong sign for negative coordinates.
 *
 * @param coordinate - Project units, along the normal.
 * @param translation - The stack's translation along the same project axis.
 * @param resolution - Project units from one section to the next.
 */
export function sectionOf(coordinate: number, translation: number, resolution: number): number {
  const position = (coordinate - translation) / resolution;
  const section = Math.floor(position + Math.max(0, coordinate * Number.EPSILON));
  const next = section + 1;
  return (Math.abs(position - next) <= boundTolerance(position) ? next : section) + 0;
}

/** The most zoom levels whose metadata are asked for. */
export const mostLevels = 32;

/** Why only level 0 can be read. */
export const noPlaceholder: string = "its image_base has no %SCALE_DATASET%, which stands for the level";

/**
 * Says which of the stack's zoom levels a mirror of blocks lacks, and why the first of them is lacking.
 *
 * @param levels - The result of reading each level: a problem, or anything else.
 * @returns At most one sentence, which the mirror's name must precede.
 */
export function lackingLevels(levels: readonly ({ readonly problem: string } | object)[]): readonly string[] {
  const lacking = levels.flatMap((level, number) => ("problem" in level ? [{ number, ...level }] : []));
  const [first, ...others] = lacking;
  if (first === undefined) return [];
  const numbers = lacking.map(({ number }) => number).join(", ");
  return [`cannot serve zoom level${others.length > 0 ? "s" : ""} ${numbers}: ${first.problem}`];
}

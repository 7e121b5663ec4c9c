/** Most zoom levels whose metadata are asked for. */
export const mostLevels = 32;

/** Why there is level 0 alone. */
export const noPlaceholder: string = "its image_base has no %SCALE_DATASET%, which stands for the level";

/**
 * Which of a stack's zoom levels a mirror of blocks lacks, and why the first of them.
 *
 * @param levels - What became of reading each: a problem, or not.
 * @returns At most one sentence, without its beginning, the mirror's name.
 */
export function lackingLevels(levels: readonly ({ readonly problem: string } | object)[]): readonly string[] {
  const lacking = levels.flatMap((level, number) => ("problem" in level ? [{ number, ...level }] : []));
  const [first, ...others] = lacking;
  if (first === undefined) return [];
  const numbers = lacking.map(({ number }) => number).join(", ");
  return [`cannot serve zoom level${others.length > 0 ? "s" : ""} ${numbers}: ${first.problem}`];
}

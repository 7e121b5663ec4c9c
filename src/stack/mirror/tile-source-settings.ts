import { InvalidOptionError } from "../../errors.js";
import { shownValue } from "../shown-value.js";

/** Settings that CATMAID's viewer offers for some tile sources. They become part of the URL. */
export interface TileSourceSettings {
  /** Type 7: the most tile specs that the service renders for one tile. */
  readonly maxTiles?: number | string | null;
  /** Type 9: colours of the channels, such as `"cyan,magenta"`. */
  readonly color?: string | null;
  /** Type 9: intensity shown as black. */
  readonly minIntensity?: number | string | null;
  /** Type 9: intensity shown as white. */
  readonly maxIntensity?: number | string | null;
  /** Type 9: gamma. */
  readonly gamma?: number | string | null;
  /** Type 9: JPEG quality. */
  readonly quality?: number | string | null;
}

const names = ["maxTiles", "color", "minIntensity", "maxIntensity", "gamma", "quality"] as const;

/**
 * Picks the settings from an object's properties. A viewer's tile source has other properties too, such as a Boss
 * token, which must not be shown with the mirror. Throws an {@link InvalidOptionError} for a value that a URL cannot
 * hold.
 */
export function tileSourceSettings(given: TileSourceSettings | null | undefined): TileSourceSettings {
  const settings: Record<string, number | string> = {};
  for (const name of names) {
    const value: unknown = given?.[name];
    if (typeof value === "number" || typeof value === "string") settings[name] = value;
    else if (value !== undefined && value !== null) {
      throw new InvalidOptionError(`settings.${name} must be a number or text, got ${shownValue(value)}`);
    }
  }
  return Object.freeze(settings);
}

import { expect } from "vitest";
import type { Vector3 } from "../../../src/space/axis-order.js";
import rows from "../../fixtures/vectors/catmaid-canary.json" with { type: "json" };
import { isOfBlocks } from "../../support/blocks/block-vectors.js";
import { type RecordedMirror, recordedMirror } from "../../support/model/recorded-mirror.js";
import type { VectorCheck, VectorRow } from "../../support/model/vectors.js";
import { checkVectors } from "../../support/model/vectors.js";

interface CanaryInput extends RecordedMirror {
  readonly stack: RecordedMirror["stack"] & { readonly canaryLocation: Vector3 };
}

function inputOf(row: VectorRow): CanaryInput {
  return row.input as unknown as CanaryInput;
}

function ours(input: CanaryInput): string {
  const mirror = recordedMirror(input);
  return mirror.generateUrl(mirror.getTileIndex(input.stack.canaryLocation).tileIndex);
}

const canaryUrl: VectorCheck = {
  same: (row) => expect(ours(inputOf(row))).toBe(row.expected),
  other: {
    "missing-slash-canary": (row) => {
      const input = inputOf(row);
      if (row.throws !== undefined) return;
      expect(ours(input)).toBe(String(row.expected).replace(input.imageBase, () => `${input.imageBase}/`));
    },
    "imageblk-xz-zy-canary": (row) => {
      const input = inputOf(row);
      const { tileWidth, tileHeight, stack } = input;
      const base = /[/=]$/.test(input.imageBase) ? input.imageBase : `${input.imageBase}/`;
      const x = Math.floor(stack.canaryLocation.x / tileWidth) * tileWidth;
      const y = Math.floor(stack.canaryLocation.y / tileHeight) * tileHeight;
      const offset =
        stack.orientation === 1 ? [x, stack.canaryLocation.z, y] : [stack.canaryLocation.z, y, x];
      expect(ours(input)).toBe(
        `${base}${tileWidth}_${tileHeight}/${offset.join("_")}/${input.fileExtension}`,
      );
    },
  },
};

const ofTiles = (rows as unknown as readonly VectorRow[]).filter((row) => !isOfBlocks(row));

checkVectors("catmaid-canary", ofTiles, (row) => (row.input.fn === "getCanaryUrl" ? canaryUrl : undefined));

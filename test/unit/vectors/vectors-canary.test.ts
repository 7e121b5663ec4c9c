import { expect } from "vitest";
import type { Vector3 } from "../../../src/space/axis-order.js";
import { parseStackOrientation } from "../../../src/space/stack-orientation.js";
import { StackMirror } from "../../../src/stack/mirror/stack-mirror.js";
import rows from "../../fixtures/vectors/catmaid-canary.json" with { type: "json" };
import { isOfBlocks } from "../../support/blocks/block-vectors.js";
import type { VectorCheck, VectorRow } from "../../support/model/vectors.js";
import { checkVectors } from "../../support/model/vectors.js";

interface CanaryInput {
  readonly tileSourceType: number;
  readonly imageBase: string;
  readonly fileExtension: string;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly catmaidURL: string;
  readonly project: { readonly id: number };
  readonly stack: { readonly id: number; readonly orientation: number; readonly canaryLocation: Vector3 };
}

function inputOf(row: VectorRow): CanaryInput {
  return row.input as unknown as CanaryInput;
}

function ours(input: CanaryInput): string {
  const mirror = new StackMirror({
    ...input,
    catmaidUrl: input.catmaidURL,
    projectId: input.project.id,
    stackId: input.stack.id,
    orientation: parseStackOrientation(input.stack.orientation),
  });
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

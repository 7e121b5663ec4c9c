import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cellAt,
  drawSampleOnto,
  drawSampleTile,
  type SampleTile,
  sampleVoxel,
} from "../../../src/sample/draw-sample.js";
import { TissueCells } from "../../../src/sample/tissue/tissue-cells.js";

const position = fc.integer({ min: -3000, max: 40_000 });
const side = fc.integer({ min: 1, max: 9 });

/** FNV-1a: enough to notice a changed byte. */
function digest(data: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of data) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

describe("the sample tissue", () => {
  it("has one value per voxel, whatever tile it is drawn in", () => {
    const tile = fc.record({
      x: position,
      y: position,
      z: fc.integer({ min: 0, max: 200 }),
      width: side,
      height: side,
      zoomLevel: fc.integer({ min: 0, max: 4 }),
      plane: fc.constantFrom("xy", "xz", "zy"),
      seed: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(tile, (tile) => {
        const data = drawSampleTile(tile);
        const { plane, seed } = tile;
        for (let row = 0; row < tile.height; row++) {
          for (let column = 0; column < tile.width; column++) {
            const voxel = sampleVoxel(tile.x + column, tile.y + row, tile.z, tile.zoomLevel, { plane, seed });
            expect(data[row * tile.width + column]).toBe(voxel);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is the same tissue in XY, XZ and ZY", () => {
    fc.assert(
      fc.property(position, position, fc.integer({ min: 0, max: 200 }), (x, y, z) => {
        const voxel = sampleVoxel(x, y, z);
        expect(sampleVoxel(x, z, y, 0, { plane: "xz" })).toBe(voxel);
        expect(sampleVoxel(z, y, x, 0, { plane: "zy" })).toBe(voxel);
      }),
    );
  });

  it("reads a level at the top-left voxel of those that it stands for", () => {
    fc.assert(
      fc.property(position, position, fc.integer({ min: 0, max: 50 }), (x, y, z) => {
        const factor = { x: 4, y: 4, z: 3 };
        // The softening depends on the step alone; at equal steps only the place counts.
        const finer = { x: 4, y: 8, z: 1 };
        expect(sampleVoxel(x, 2 * y, 0, 0, { factor })).toBe(sampleVoxel(x, y, 0, 0, { factor: finer }));
        expect(sampleVoxel(x, 2 * y, z, 0, { factor })).toBe(sampleVoxel(x, y, 3 * z, 0, { factor: finer }));
        expect(sampleVoxel(x, y, z, 0, { factor: { x: 1, y: 1, z: 4 } })).toBe(sampleVoxel(x, y, 4 * z));
        expect(sampleVoxel(x, y, z, 0, { factor: { x: 1, y: 1, z: 0.3 } })).toBe(
          sampleVoxel(x, y, Math.floor(0.3 * z)),
        );
        expect(sampleVoxel(x, y, z, 2)).toBe(sampleVoxel(x, y, z, 0, { factor: { x: 4, y: 4, z: 1 } }));
      }),
    );
  });

  it("never uses 0, which means filled", () => {
    for (const zoomLevel of [0, 2, 5]) {
      const data = drawSampleTile({ x: 0, y: 0, z: 7, width: 200, height: 200, zoomLevel });
      expect(Math.min(...data)).toBeGreaterThan(0);
    }
  });

  it("has the contrast of electron micrographs, and changes from section to section", () => {
    const section = (z: number) => drawSampleTile({ x: 4000, y: 4000, z, width: 256, height: 256 });
    const data = section(20);
    const mean = data.reduce((sum, grey) => sum + grey, 0) / data.length;
    const deviation = Math.sqrt(data.reduce((sum, grey) => sum + (grey - mean) ** 2, 0) / data.length);
    expect(mean).toBeGreaterThan(110);
    expect(mean).toBeLessThan(190);
    expect(deviation).toBeGreaterThan(22);
    const correlation = (other: Uint8Array) => {
      const otherMean = other.reduce((sum, grey) => sum + grey, 0) / other.length;
      let both = 0;
      let square = 0;
      other.forEach((grey, i) => {
        both += (grey - otherMean) * ((data[i] ?? 0) - mean);
        square += (grey - otherMean) ** 2;
      });
      return both / Math.sqrt(square * deviation ** 2 * data.length);
    };
    expect(correlation(section(21))).toBeGreaterThan(0.3);
    expect(correlation(section(90))).toBeLessThan(correlation(section(21)));
  });

  it("has cells with membranes between, that go on from section to section", () => {
    let within = 0;
    let between = 0;
    const greys: Record<"within" | "between", number> = { within: 0, between: 0 };
    let kept = 0;
    let keptLater = 0;
    for (let y = 4000; y < 4600; y += 20) {
      const row = drawSampleTile({ x: 4000, y, z: 20, width: 600, height: 1 });
      for (let x = 3; x < 597; x++) {
        const cell = cellAt(4000 + x, y, 20);
        const isBorder = cellAt(4001 + x, y, 20) !== cell;
        greys[isBorder ? "between" : "within"] += row[x] ?? 0;
        if (isBorder) between++;
        else within++;
        if (cellAt(4000 + x, y, 21) === cell) kept++;
        if (cellAt(4000 + x, y, 90) === cell) keptLater++;
      }
    }
    expect(greys.within / within - greys.between / between).toBeGreaterThan(50);
    expect(kept / (within + between)).toBeGreaterThan(0.9);
    expect(keptLater).toBeLessThan(kept);
    expect(keptLater / (within + between)).toBeGreaterThan(0.3);
  });

  it("has one cell per voxel: 32 bits, the same at every zoom level, others for another seed", () => {
    const section = fc.integer({ min: 0, max: 200 });
    fc.assert(
      fc.property(position, position, section, fc.integer({ min: 0, max: 6 }), (x, y, z, zoomLevel) => {
        const cell = cellAt(x, y, z);
        expect(cell).toBe(cell >>> 0);
        expect(cellAt(x, y, z, 2)).not.toBe(cell);
        const cells = new TissueCells(Int32Array.of(x - 100, x, x + 100), 2 ** zoomLevel, 1);
        cells.moveTo(z);
        cells.enter(y);
        expect((cells.sites[1]?.cell ?? 0) >>> 0).toBe(cell);
      }),
    );
  });

  it("has labels that are the cells', 0 in membranes, the same in any tile, plane and level", () => {
    const labelsOf = (tile: SampleTile) => {
      const data = new BigUint64Array(tile.width * tile.height);
      drawSampleOnto({ data, right: 1, below: tile.width }, tile);
      return data;
    };
    const labelAt = (x: number, y: number, z: number) => labelsOf({ x, y, z, width: 1, height: 1 })[0];
    fc.assert(
      fc.property(
        position,
        position,
        fc.integer({ min: 0, max: 200 }),
        side,
        side,
        (x, y, z, width, height) => {
          const factor = { x: 4, y: 2, z: 1 };
          const coarse = labelsOf({ x, y, z, width, height, factor });
          const turned = labelsOf({ x: z, y, z: x, width, height, plane: "zy" });
          for (let j = 0; j < height; j++) {
            for (let i = 0; i < width; i++) {
              const label = labelAt(4 * (x + i), 2 * (y + j), z);
              expect(coarse[j * width + i]).toBe(label);
              expect(turned[j * width + i]).toBe(labelAt(x, y + j, z + i));
              if (label !== 0n)
                expect(BigInt.asUintN(32, label ?? 0n)).toBe(BigInt(cellAt(4 * (x + i), 2 * (y + j), z)));
            }
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it("is drawn with the same bytes by every engine", () => {
    const tile = { x: -40, y: 5000, z: 33, width: 96, height: 64 };
    expect(digest(drawSampleTile(tile))).toBe("bf00b9d8");
    expect(digest(drawSampleTile({ ...tile, zoomLevel: 3, plane: "zy" }))).toBe("f193d949");
  });
});

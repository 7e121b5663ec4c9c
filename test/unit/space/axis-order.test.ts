import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  axesOf,
  axisOrders,
  fromOrder,
  isAxisOrder,
  Orientation3D,
  reorder,
  toOrder,
} from "../../../src/space/axis-order.js";

const anyOrder = fc.constantFrom(...axisOrders);
const anyTriple = fc.tuple(fc.integer(), fc.integer(), fc.integer());

describe("axis orders", () => {
  it("are the six permutations", () => {
    expect(new Set(axisOrders.map((order) => [...order].sort().join("")))).toEqual(new Set(["xyz"]));
    expect(new Set(axisOrders).size).toBe(6);
    expect(Object.values(Orientation3D).every(isAxisOrder)).toBe(true);
    expect([Orientation3D.C, Orientation3D.NUMPY, Orientation3D.VIGRA, Orientation3D.FORTRAN]).toEqual([
      "zyx",
      "zyx",
      "xyz",
      "xyz",
    ]);
  });

  it.each(["", "xy", "xxy", "ZYX", "xyzt", 1, null, undefined])("are not %o", (value) => {
    expect(isAxisOrder(value)).toBe(false);
  });

  it("name each column", () => {
    expect(axesOf("yxz")).toEqual(["y", "x", "z"]);
    expect(toOrder({ x: 1, y: 2, z: 3 }, "yzx")).toEqual([2, 3, 1]);
    expect(fromOrder([2, 3, 1], "yzx")).toEqual({ x: 1, y: 2, z: 3 });
    expect(reorder([3, 1, 2], "zxy", "yzx")).toEqual([2, 3, 1]);
  });

  it("are undone by their inverse, whichever they are", () => {
    fc.assert(
      fc.property(anyTriple, anyOrder, anyOrder, (values, from, to) => {
        expect(toOrder(fromOrder(values, from), from)).toEqual(values);
        expect(reorder(reorder(values, from, to), to, from)).toEqual(values);
        for (const axis of axesOf(from)) {
          expect(reorder(values, from, to)[to.indexOf(axis)]).toBe(values[from.indexOf(axis)]);
        }
      }),
    );
  });
});

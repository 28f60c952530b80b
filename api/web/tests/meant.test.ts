import { describe, expect, test } from "vitest";
import { boundsOfShape, type Choice, onOneLine, selectionOf } from "../src/meant";
import { fromRing } from "../src/state";

const nothing: Choice = { kind: "point", label: { vi: "", en: "" }, note: null, href: "", key: null, at: null, lon: null, lat: null, geometry: null };
const square: GeoJSON.Polygon = { type: "Polygon", coordinates: [[[106.1, 21.2], [106.2, 21.2], [106.2, 21.3], [106.1, 21.2]]] };

describe("what a choice stands for", () => {
  test.each([
    [{ kind: "point", lon: 106.1, lat: 21.2 }, { kind: "point", lon: 106.1, lat: 21.2 }],
    [{ kind: "parcel", key: "90001/3/12" }, { kind: "parcel", key: "90001/3/12" }],
    [{ kind: "unit", key: "90101" }, { kind: "unit", code: "90101", at: null }],
    [{ kind: "former_unit", key: "90001", at: "2025-06-30" }, { kind: "unit", code: "90001", at: "2025-06-30" }],
    [{ kind: "area", geometry: square }, { kind: "area", area: [[{ lon: 106.1, lat: 21.2 }, { lon: 106.2, lat: 21.2 }, { lon: 106.2, lat: 21.3 }]] }],
    [{ kind: "locality", lon: 106.1, lat: 21.2 }, null],
  ] as const)("%j", (choice, selection) => {
    expect(selectionOf({ ...nothing, ...choice } as Choice)).toEqual(selection);
  });

  test("a ring in the address is the polygon again", () => {
    expect(fromRing("106.1,21.2;106.2,21.2;106.2,21.3")).toEqual(square);
  });

  test("the bounds of a shape, and of a point", () => {
    expect(boundsOfShape(square)).toEqual([106.1, 21.2, 106.2, 21.3]);
    expect(boundsOfShape({ type: "Point", coordinates: [106.1, 21.2] })).toEqual([106.1, 21.2, 106.1, 21.2]);
  });

  test("a pasted table keeps its rows", () => {
    expect(onOneLine("1\t2\t3\r\n4\t5\t6\n\n")).toBe("1\t2\t3 ; 4\t5\t6");
  });
});

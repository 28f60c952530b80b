import { describe, expect, test } from "vitest";
import { areaOfGeojson, areaText, asWkt, boundsOf, fault, readArea, type Area } from "../src/areas";

const corners = (count: number): Area => [Array.from({ length: count }, (_, at) => ({ lon: 106 + at * 1e-4, lat: 21 + (at % 7) * 1e-4 }))];
const triangle: Area = [[{ lon: 106.1, lat: 21.2 }, { lon: 106.2, lat: 21.2 }, { lon: 106.1, lat: 21.3 }]];
const rings = [[[106.1, 21.2], [106.2, 21.2], [106.1, 21.3], [106.1, 21.2]]];
const polygon = { type: "Polygon", coordinates: rings };

test("an area in the address comes back", () => {
  expect(areaText(triangle)).toBe("106.1_21.2,106.2_21.2,106.1_21.3");
  expect(readArea(areaText(triangle)!)).toEqual(triangle);
  const holed: Area = [...triangle, [{ lon: 106.11, lat: 21.21 }, { lon: 106.12, lat: 21.21 }, { lon: 106.11, lat: 21.22 }]];
  expect(readArea(areaText(holed)!)).toEqual(holed);
});

test.each(["", "106.1_21.2", "106.1_21.2,a_b,106.1_21.3", "999_21,106_21,106_22", "106_21,106_21_5,106_22"])("%s is no area", (text) =>
  expect(readArea(text)).toBeNull());

test("a long area has no address, and a longer one no question", () => {
  expect(areaText(corners(300))).toBeNull();
  expect(fault(corners(300))).toBeNull();
  expect(fault(corners(999))).toBe("tooLong");
  expect(fault(corners(1000))).toBe("tooManyCorners");
});

test("the question closes its rings", () => {
  expect(asWkt(triangle)).toBe("POLYGON((106.1 21.2,106.2 21.2,106.1 21.3,106.1 21.2))");
  expect(boundsOf(triangle)).toEqual([106.1, 21.2, 106.2, 21.3]);
});

describe("a file", () => {
  test.each([
    ["a polygon", polygon],
    ["a feature", { type: "Feature", geometry: polygon }],
    ["a collection of one", { type: "FeatureCollection", features: [{ type: "Feature", geometry: polygon }] }],
    ["one polygon in several", { type: "MultiPolygon", coordinates: [rings] }],
    ["heights", { type: "Polygon", coordinates: [rings[0]!.map((place) => [...place, 5])] }],
    ["the old crs of degrees", { ...polygon, crs: { type: "name", properties: { name: "urn:ogc:def:crs:OGC:1.3:CRS84" } } }],
  ])("with %s is an area", (_, document) => expect(areaOfGeojson(JSON.stringify(document))).toEqual(triangle));

  test.each([
    ["unreadable", "{"],
    ["notOnePolygon", "null"],
    ["notOnePolygon", JSON.stringify({ type: "Point", coordinates: [106, 21] })],
    ["notOnePolygon", JSON.stringify({ type: "MultiPolygon", coordinates: [rings, rings] })],
    ["unreadable", JSON.stringify({ type: "Polygon", coordinates: [[["a", 1]]] })],
    ["notDegrees", JSON.stringify({ type: "Polygon", coordinates: [[[400000, 2300000], [400100, 2300000], [400000, 2300100], [400000, 2300000]]] })],
    ["notDegrees", JSON.stringify({ ...polygon, crs: { type: "name", properties: { name: "EPSG:9214" } } })],
    ["tooLong", JSON.stringify({ type: "Polygon", coordinates: [corners(990)[0]!.map(({ lon, lat }) => [lon, lat])] })],
  ])("is refused as %s: %s", (why, text) => expect(areaOfGeojson(text)).toBe(why));
});

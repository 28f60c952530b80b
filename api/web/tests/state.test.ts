import { describe, expect, test } from "vitest";
import { fromHash, readDay, START, toHash, type State } from "../src/state";

const everything: State = {
  view: { lon: 106.19, lat: 21.27, zoom: 13.5 },
  selection: { kind: "point", lon: 106.1912345, lat: 21.2712345 },
  on: "2025-06-30",
  release: 3,
  level: "land_use",
  layers: ["units", "former-units"],
  mode: "coverage",
  lang: "en",
};

describe("the address of the page", () => {
  test("says nothing of a page as it starts", () => {
    expect(toHash(START)).toBe("");
    expect(fromHash("")).toEqual(START);
  });

  test.each<[string, Partial<State>]>([
    ["all of it", {}],
    ["a parcel", { selection: { kind: "parcel", key: "90001/3/12" } }],
    ["an area", { selection: { kind: "area", area: [[{ lon: 106.1, lat: 21.2 }, { lon: 106.2, lat: 21.2 }, { lon: 106.2, lat: 21.3 }]] } }],
    ["a unit", { selection: { kind: "unit", code: "90101", at: null } }],
    ["a unit as it was on a day", { selection: { kind: "unit", code: "90008", at: "2025-06-30" } }],
    ["no layer at all", { layers: [] }],
  ])("brings back %s", (_, change) => {
    const state = { ...everything, ...change };
    expect(fromHash(toHash(state))).toEqual(state);
  });

  test("can be read by a person", () => {
    expect(toHash(everything)).toBe(
      "#view=106.19,21.27,13.5&point=106.1912345,21.2712345&on=2025-06-30&release=3&level=land_use&layers=units,former-units&mode=coverage&lang=en",
    );
  });

  test.each([
    "#view=a,b,c", "#view=106,21", "#view=300,21,9", "#point=106", "#point=,21", "#parcel=1/2", "#area=106,21;106,22", "#area=1;2;3", "#parcel=../../etc", "#unit=9010",
    "#on=2025-02-30", "#on=yesterday", "#release=0", "#release=1.5", "#level=<b>", "#mode=x", "#lang=fr", "#%E0%A4%A", "#&&==",
  ])("leaves out what makes no sense: %s", (hash) => {
    expect(fromHash(hash)).toEqual(START);
  });

  test("keeps of the layers those that exist", () => {
    expect(fromHash("#layers=zones,nothing,units").layers).toEqual(["units", "zones"]);
  });
});

test.each([["2024-02-29", "2024-02-29"], ["2025-02-29", null], ["2025-13-01", null], ["25-01-01", null], ["", null]])(
  "the day %s", (text, day) => expect(readDay(text)).toBe(day),
);

import { expect, test } from "vitest";
import { readLonLat, readParcelKey } from "../src/coordinates";

const place = { lon: 106.19, lat: 21.27 };

test.each([
  "106.19, 21.27", "21.27, 106.19", "106.19 21.27", "21.27;106.19", "  21.27 ,106.19 ", "106,19; 21,27", "21,27 106,19", "21,27, 106,19",
  "21.27°N, 106.19°E", "21.27 B 106.19 Đ",
])("reads %s in either order", (text) => expect(readLonLat(text)).toEqual(place));

test.each([
  "Tân Hòa", "21.27", "21.27, 50", "106.19, 107.2", "190, 21", "106.19, 21.27, 5", "1,2,3", "90001/3/12", "", "21.27, 106.19 abc", "106,19",
])("does not guess at %s", (text) => expect(readLonLat(text)).toBeNull());

test("degrees may be whole", () => expect(readLonLat("106 21")).toEqual({ lon: 106, lat: 21 }));

test.each([["90001/3/12", "90001/3/12"], [" 90001 / 03 / 12 ", "90001/3/12"], ["9001/3/12", null], ["90001/3", null], ["90001/a/1", null]])(
  "the parcel %s", (text, key) => expect(readParcelKey(text)).toBe(key),
);

import { expect, test } from "vitest";
import { area, day, dayBefore, percent, scale, width } from "../src/format";

test.each([[0, "0 %"], [0.004, "< 0,1 %"], [58.5, "58,5 %"], [99.95, "> 99,9 %"], [99.99999999, "100 %"], [100, "100 %"]])(
  "a share of %d is %s", (value, text) => expect(percent(value, "vi")).toBe(text),
);

test.each([[12.345, "12,35 m²"], [999.94, "999,9 m²"], [19_723.8, "1,97 ha"], [2_460_000, "2,46 km²"]])(
  "%d m² read as %s", (value, text) => expect(area(value, "vi")).toBe(text),
);

test.each([[0.0021, "2.1 mm"], [0.25, "25 cm"], [175.26, "175.3 m"]])("%d m wide is %s", (value, text) => expect(width(value, "en")).toBe(text));

test("days are those of Vietnam", () => {
  expect(day("2025-07-01", "vi")).toBe("01/07/2025");
  expect(day("2026-11-23T21:09:23+00:00", "vi")).toBe("24/11/2026");
  expect(day("2025-07-01", "en")).toBe("01 Jul 2025");
  expect(dayBefore("2025-07-01")).toBe("2025-06-30");
  expect(dayBefore("2024-03-01")).toBe("2024-02-29");
});

test("scales", () => expect([scale(500, "vi"), scale(10_000, "vi"), scale(10_000, "en")]).toEqual(["1/500", "1/10.000", "1/10,000"]));

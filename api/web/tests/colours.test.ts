import { createExpression, type ExpressionSpecification } from "@maplibre/maplibre-gl-style-spec";
import { expect, test } from "vitest";
import { functionFill, hasNoFill, legendRow, ratioClass, ratioFill, UNKNOWN_FILL } from "../src/colours";
import type { CoverageRow, LegendDocument } from "../src/documents";

const legend: LegendDocument = {
  land_use: [{ code: "LUC", name: "đất chuyên trồng lúa", fill: "#fffc8c" }, { code: "X", name: "không màu", fill: "red; }" }],
  planning: [{ code: "Honhop", name: "đất hỗn hợp", fill: "#cc3200" }],
  levels: [],
};

function evaluated(expression: ExpressionSpecification | string, properties: Record<string, unknown>): unknown {
  const parsed = createExpression(expression, "layers[0].paint.fill-color");
  if (parsed.result === "error") throw new Error(JSON.stringify(parsed.value));
  return parsed.value.evaluate({ zoom: 12 }, { type: "Polygon", properties, geometry: [] } as never);
}

const zone = (function_scheme: string, function_code: string | null) => ({ function_scheme, function_code });

test.each([
  [zone("land_use", "LUC"), "#fffc8c"],
  [zone("planning", "Honhop"), "#cc3200"],
  [zone("planning", "HT_Honhop"), "#cc3200"],
  [zone("planning", "QHDD_Honhop"), "#cc3200"],
  [zone("planning", "LUC"), UNKNOWN_FILL],
  [zone("planning", "MCS"), UNKNOWN_FILL],
  [zone("planning", null), UNKNOWN_FILL],
  [zone("land_use", "X"), UNKNOWN_FILL],
  [zone("another", "LUC"), UNKNOWN_FILL],
])("%o is filled %s, and hatched where the fill is not known", (properties, fill) => {
  expect(evaluated(functionFill(legend), properties)).toBe(fill);
  expect(evaluated(hasNoFill(legend), properties)).toBe(fill === UNKNOWN_FILL);
});

test("an empty legend still draws", () => {
  const empty = { land_use: [], planning: [], levels: [] };
  expect(evaluated(functionFill(empty), zone("planning", "Honhop"))).toBe(UNKNOWN_FILL);
  expect(evaluated(hasNoFill(empty), zone("planning", "Honhop"))).toBe(true);
});

test("the legend's row is found behind a mark of phase", () => {
  expect(legendRow(legend, "planning", "QHDH_Honhop")?.name).toBe("đất hỗn hợp");
  expect(legendRow(legend, "planning", "Khac")).toBeNull();
});

test("communes are filled by their ratio, others stay clear", () => {
  const rows = [["90101", 80], ["90102", 100], ["90101", 80]].map(([unit_code, ratio_pct]) => ({ unit_code, ratio_pct }) as CoverageRow);
  expect(evaluated(ratioFill(rows), { code: "90101" })).toBe(ratioClass(80).fill);
  expect(evaluated(ratioFill(rows), { code: "90999" })).toBe("rgba(0, 0, 0, 0)");
  expect(ratioFill([])).toBe("rgba(0, 0, 0, 0)");
});

test("only none is none, and only all is complete", () => {
  const fills = [0, 0.01, 24.99, 25, 74.9, 75, 99.9, 99.9999, 99.99999999, 100].map((ratio) => ratioClass(ratio).below);
  expect(fills).toEqual([0, 25, 25, 50, 75, 100, 100, 100, Infinity, Infinity]);
});

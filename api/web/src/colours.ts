/** Colours of the map: standard fills of functions, classes of coverage. */

import type { ExpressionSpecification } from "@maplibre/maplibre-gl-style-spec";
import type { CoverageRow, LegendDocument, LegendRow, Scheme, Severity } from "./documents";
import { isWhole } from "./format";

export const UNKNOWN_FILL = "#d9d9d9";
const NO_FILL = "rgba(0, 0, 0, 0)";
const PHASES = ["HT_", "QHDD_", "QHDH_"];

export const SEVERITY_COLOURS: Readonly<Record<Severity, string>> = { error: "#b3261e", warning: "#a15c00", info: "#2f5d8a" };

/** Classes of the ratio of coverage in %: none, then each up to but not including `below`, then complete. */
export const RATIO_CLASSES = [
  { below: 0, fill: "#f7f3e3" },
  { below: 25, fill: "#d3ecc0" },
  { below: 50, fill: "#8fd3b6" },
  { below: 75, fill: "#41aec1" },
  { below: 100, fill: "#2b7cb3" },
  { below: Infinity, fill: "#253a8e" },
] as const;

/** A zone's function code without its mark of phase: HT_ existing, QHDD_ first phase, QHDH_ long term. */
const BARE_CODE: ExpressionSpecification = [
  "let", "code", ["to-string", ["get", "function_code"]],
  ["case",
    ...PHASES.flatMap((phase): [ExpressionSpecification, ExpressionSpecification] => [
      ["==", ["slice", ["var", "code"], 0, phase.length], phase],
      ["slice", ["var", "code"], phase.length],
    ]),
    ["var", "code"],
  ] as unknown as ExpressionSpecification,
];

/** The fill of a zone by its scheme and code; `UNKNOWN_FILL` where the legend knows no such code. */
export function functionFill(legend: LegendDocument): ExpressionSpecification {
  const of = (rows: readonly LegendRow[]) =>
    matching(rows.filter((row) => isColour(row.fill)).map((row) => [row.code, row.fill]), BARE_CODE, UNKNOWN_FILL);
  return byScheme(of(legend.land_use), of(legend.planning), UNKNOWN_FILL);
}

/** Whether the legend has no fill for a zone: such zones are hatched, never left out. */
export function hasNoFill(legend: LegendDocument): ExpressionSpecification {
  const known = (rows: readonly LegendRow[]): ExpressionSpecification =>
    ["in", BARE_CODE, ["literal", rows.filter((row) => isColour(row.fill)).map((row) => row.code)]];
  return ["!", byScheme(known(legend.land_use), known(legend.planning), false)];
}

/** The fill of a commune by its ratio; communes without a ratio stay clear. */
export function ratioFill(rows: readonly CoverageRow[]): ExpressionSpecification | string {
  return matching(rows.map((row) => [row.unit_code, ratioClass(row.ratio_pct).fill]), ["get", "code"], NO_FILL);
}

export function ratioClass(ratioPct: number): (typeof RATIO_CLASSES)[number] {
  const [none, ...partly] = RATIO_CLASSES;
  if (ratioPct <= 0) return none;
  return partly.find(({ below }) => (isWhole(ratioPct) ? below === Infinity : ratioPct < below)) ?? none;
}

/** The legend's row for a function code, its mark of phase set aside. */
export function legendRow(legend: LegendDocument, scheme: Scheme, code: string): LegendRow | null {
  const phase = PHASES.find((mark) => code.startsWith(mark)) ?? "";
  return legend[scheme].find((row) => row.code === code.slice(phase.length)) ?? null;
}

export function isColour(text: string | null): text is string {
  return text !== null && /^#[0-9a-f]{6}$/i.test(text);
}

type Value = ExpressionSpecification | string | boolean;

function byScheme(landUse: Value, planning: Value, otherwise: Value): ExpressionSpecification {
  return ["match", ["get", "function_scheme"], "land_use", landUse, "planning", planning, otherwise] as ExpressionSpecification;
}

/** A match over pairs; the style language has none over nothing, and no label may stand twice. */
function matching(pairs: [string, string][], input: ExpressionSpecification, otherwise: string): ExpressionSpecification | string {
  const cases = [...new Map(pairs)].flat();
  return cases.length > 0 ? (["match", input, ...cases, otherwise] as unknown as ExpressionSpecification) : otherwise;
}

/** What the coverage view tells of a place that was touched. */

import type { CoverageRow, Finding, Severity, Words } from "./documents";
import { el } from "./dom";
import { facts, vietnamese } from "./facts";
import { advice, caseOf } from "./findings";
import { area, percent, width } from "./format";
import { icon } from "./icons";
import type { Reader } from "./reader";

/** A finding as its tile has it. */
export interface DrawnFinding {
  id: number;
  check: string;
  severity: Severity;
  area_m2: number;
  width_m: number;
}

export interface Known {
  title: Words | undefined;
  /** The communes and plans it lies in. */
  involved: string | null;
  /** Where it is among the largest, which alone are listed. */
  listed: Finding | undefined;
}

export function findingPopup(drawn: DrawnFinding, { title, involved, listed }: Known, reader: Reader, lookup: () => void): HTMLElement {
  const { words, language } = reader;
  return el("div", { class: `popup severity-${drawn.severity}`, "data-check": drawn.check },
    el("h3", {}, icon(drawn.severity), title?.[language] ?? drawn.check),
    el("p", {}, words.severity[drawn.severity], " · ", words.size(area(drawn.area_m2, language), width(drawn.width_m, language))),
    involved && el("p", { class: "quiet", lang: "vi" }, involved),
    listed && caseOf(listed, reader),
    listed && advice(listed, reader),
    lookupButton(reader, lookup),
  );
}

export function ratioPopup(name: string, row: CoverageRow, reader: Reader, { lookup, inventory }: { lookup: () => void; inventory: HTMLElement }): HTMLElement {
  const { words, language } = reader;
  return el("div", { class: "popup" },
    el("h3", {}, vietnamese(name)),
    el("p", { class: "ratio" }, `${words.ratio}: ${percent(row.ratio_pct, language)}`),
    facts([
      [words.planned, area(row.planned_m2, language)],
      [words.zoned, area(row.zoned_m2, language)],
      [words.unitArea, area(row.area_m2, language)],
      [words.plans, row.plan_codes.join(", ")],
    ]),
    el("p", {}, inventory),
    lookupButton(reader, lookup),
  );
}

function lookupButton({ words }: Reader, lookup: () => void): HTMLElement {
  return el("button", { type: "button", class: "button", onclick: lookup }, words.lookupHere);
}

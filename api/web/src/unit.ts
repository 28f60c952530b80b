/** One administrative unit: what it is, what it was made from, what became of it. */

import { beforeAfter, type Land, type PartFeature } from "./beforeafter";
import type { LineageAnswer, UnitAnswer } from "./descent";
import { el } from "./dom";
import { facts, term, vietnamese } from "./facts";
import { day, dayBefore, number, percent } from "./format";
import { icon } from "./icons";
import { lineageTree, treeOf } from "./lineage";
import type { Reader } from "./reader";

export interface UnitFound {
  answer: UnitAnswer;
  shape: GeoJSON.Geometry | null;
  lineage: LineageAnswer;
  /** Land that former units gave to it; how many of its parts nobody has drawn. */
  lands: Land[];
  unknown: number;
  /** Resolutions with an impact report. */
  reports: ReadonlySet<string>;
}

export function unitPage(found: UnitFound, reader: Reader, draw: (parts: readonly PartFeature[]) => void): HTMLElement[] {
  const { unit, earlier, now, release, on } = found.answer;
  const { words, language } = reader;
  const ended = unit.valid_to !== null;
  const details = facts([
    [words.code, unit.code],
    [words.validity, term(unit, reader)],
    [words.unitArea, unit.area_km2 === null ? words.noBoundary : `${number(unit.area_km2, language, 2)} km²`],
    [words.boundaryFrom, unit.boundary_how && words.boundaryHow[unit.boundary_how]],
    [words.unitDeclared, unit.declared_area_km2 === null ? null : `${number(unit.declared_area_km2, language, 2)} km²`],
    [words.population, unit.population === null ? null : words.people(number(unit.population, language))],
    [words.legalBasis, unit.legal_basis && vietnamese(unit.legal_basis)],
  ]);
  return [
    el("div", { class: "place" },
      el("h2", { class: "subject", lang: "vi" }, unit.name),
      unit.district && el("p", { class: "lead" }, `${words.formerDistrict}: `, vietnamese(unit.district)),
      ended && el("p", { class: "state standing" }, icon("past"), words.unitEnded),
      ended && now && now.length > 0 && el("p", { class: "now" }, `${words.landNow} `, ...now.map((one) => el("span", {},
        el("button", { type: "button", class: "link", lang: "vi", onclick: () => reader.select({ kind: "unit", code: one.code, at: null }) }, one.name),
        one.share_pct === null ? ` (${words.partUnknown}) ` : ` (${percent(one.share_pct, language)}) `))),
      details,
      ...earlier.filter((one) => one.name !== unit.name).map((one) => el("p", { class: "quiet earlier" }, words.codeWas(one.name, one.district,
        day(one.valid_from, language), one.valid_to && day(dayBefore(one.valid_to), language)))),
    ),
    ...comparison(found, reader, draw),
    ...descent(found, reader),
    ...(ended ? [] : [el("p", { class: "hint" }, icon("pin"), words.unitHint)]),
    el("footer", { class: "colophon" },
      el("p", {}, `${words.asOf(day(on, language))} · ${words.release(release.number, day(release.published_at, language))}`)),
  ];
}

/** Before and after on the map; the land is drawn at once. */
function comparison({ lands, unknown }: UnitFound, reader: Reader, draw: (parts: readonly PartFeature[]) => void): HTMLElement[] {
  draw(lands.map((land) => land.feature));
  if (lands.length === 0) return unknown > 0 ? [el("p", { class: "quiet" }, reader.words.partsUnknown(unknown))] : [];
  return [beforeAfter(lands, unknown, (side) => draw(side === "before" ? lands.map((land) => land.feature) : []), reader)];
}

function descent({ answer, lineage, reports }: UnitFound, reader: Reader): HTMLElement[] {
  const tree = treeOf(lineage, answer.unit.valid_to && answer.unit.valid_to <= answer.on ? dayBefore(answer.unit.valid_to) : answer.on);
  if (!tree || tree.before.length + tree.after.length === 0) return [];
  const cited = [...new Set([...tree.before, ...tree.after].map((branch) => branch.edge.resolution))].filter((one) => reports.has(one));
  return [lineageTree(tree, reader), ...cited.map((resolution) => el("p", {}, el("a", { class: "link", href: reportAddress(resolution), target: "_blank", rel: "noopener" },
    reader.words.impactReport(resolution))))];
}

function reportAddress(resolution: string): string {
  return `mergers/report?resolution=${encodeURIComponent(resolution)}`;
}

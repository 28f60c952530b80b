/** Control lines and corridors on the subject and near it: what they are, where they run, what they take. */

import type { LineRef } from "./answers";
import { el } from "./dom";
import { facts, term, vietnamese } from "./facts";
import { number, percent, squareMetres } from "./format";
import { icon } from "./icons";
import { sentence } from "./plans";
import type { Reader } from "./reader";

export function linesSection(lines: readonly LineRef[], reader: Reader): HTMLElement | null {
  if (lines.length === 0) return null;
  const { words } = reader;
  return el("section", { class: "lines", "aria-label": words.lines },
    el("h2", {}, words.lines),
    el("ul", {}, ...lines.map((line) => el("li", { class: `side-${line.side}`, "data-line": line.id }, icon("line"),
      el("div", {},
        el("p", {}, el("strong", {}, ...lineName(line, reader))),
        el("p", { class: "where" }, lineWhere(line, reader)),
        lineFacts(line, reader))))));
}

/** Its kind, and its name where it has one. */
export function lineName(line: LineRef, { language }: Reader): (Node | string)[] {
  const own = line.name ?? line.code;
  return [sentence(line.kind_name[language]), ...(own ? [" – ", vietnamese(own)] : [])];
}

/** Where it runs, seen from the subject, and what it takes of it. */
export function lineWhere(line: LineRef, { words, language }: Reader): string {
  const share = line.area_m2 === null || line.share_pct === null ? null
    : words.takes(squareMetres(line.area_m2, language), percent(line.share_pct, language));
  return [whereabouts(line, words, language), share].filter(Boolean).join(", ");
}

function whereabouts(line: LineRef, words: Reader["words"], language: Reader["language"]): string {
  const corridor = line.kind === "corridor";
  if (line.side === "inside") return words.side.inside;
  if (line.side === "crosses") return corridor ? words.side.corridorCrosses : words.side.crosses;
  if (line.side === "touches") return corridor ? words.side.corridorTouches : words.side.touches;
  return words.side.outside(number(line.distance_m, language, line.distance_m < 1 ? 2 : 1), line.direction && words.directions[line.direction]);
}

function lineFacts(line: LineRef, reader: Reader): HTMLElement | null {
  const { words, language } = reader;
  const metres = (value: number | null): string | null => (value === null ? null : `${number(value, language, 2)} m`);
  return facts([
    [words.protects, line.subject_name?.[language]],
    [words.halfWidth, metres(line.half_width_m)],
    [words.indicators.setback, metres(line.setback_m)],
    [words.legalBasis, line.legal_basis ? vietnamese(line.legal_basis) : words.unrecorded],
    [words.code, line.name ? line.code : null],
    [words.ofPlan, line.plan_code],
    [words.validity, term(line, reader)],
  ]);
}

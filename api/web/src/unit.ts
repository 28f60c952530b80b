/** One administrative unit: what it is, what it was made from, what became of it. */

import type { Descent, UnitAnswer } from "./documents";
import { el } from "./dom";
import { facts, vietnamese } from "./facts";
import { day, dayBefore, number } from "./format";
import { icon } from "./icons";
import type { Reader } from "./reader";

export function unitPage({ unit, predecessors, successors, release, on }: UnitAnswer, reader: Reader): HTMLElement[] {
  const { words, language } = reader;
  const ended = unit.valid_to !== null;
  const details = facts([
    [words.code, unit.code],
    [words.validity, unit.valid_to ? words.fromTo(day(unit.valid_from, language), day(unit.valid_to, language)) : words.sinceDay(day(unit.valid_from, language))],
    [words.unitArea, `${number(unit.area_km2, language, 2)} km²`],
    [words.unitDeclared, unit.declared_area_km2 === null ? null : `${number(unit.declared_area_km2, language, 2)} km²`],
    [words.population, unit.population === null ? null : words.people(number(unit.population, language))],
    [words.legalBasis, unit.legal_basis && vietnamese(unit.legal_basis)],
  ]);
  return [
    el("div", { class: "place" },
      el("h2", { class: "subject", lang: "vi" }, unit.name),
      unit.district && el("p", { class: "lead" }, `${words.formerDistrict}: `, vietnamese(unit.district)),
      ended && el("p", { class: "state standing" }, icon("past"), words.unitEnded),
      details,
    ),
    descents(words.becameOf, successors, (one) => ({ kind: "unit", code: one.code ?? "", at: null }), reader),
    descents(words.madeOf, predecessors, (one) => ({ kind: "unit", code: one.code ?? "", at: dayBefore(one.effective) }), reader),
    ...(ended ? [] : [el("p", { class: "hint" }, icon("pin"), words.unitHint)]),
    el("footer", { class: "colophon" },
      el("p", {}, `${words.asOf(day(on, language))} · ${words.release(release.number, day(release.published_at, language))}`)),
  ];
}

type Chosen = Parameters<Reader["select"]>[0];

function descents(title: string, list: Descent[], leadsTo: (one: Descent) => Chosen, reader: Reader): HTMLElement {
  const { words, language } = reader;
  return el("section", { class: "descents", hidden: list.length === 0 },
    el("h2", {}, title),
    el("ul", {}, ...list.map((one) => el("li", {},
      one.code ? el("button", { type: "button", class: "link", lang: "vi", onclick: () => reader.select(leadsTo(one)) }, one.name) : vietnamese(one.name),
      one.district && el("span", {}, " (", vietnamese(one.district), ")"),
      ` – ${words.extent[one.extent]}`,
      el("span", { class: "quiet" }, words.clause(one.clause, one.resolution, day(one.effective, language))),
    ))),
  );
}

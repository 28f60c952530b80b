/** The answer about a point or a parcel, from the place down to the disclaimer. */

import { legendRow } from "./colours";
import type { Answer, ParcelAnswer, ParcelRef, PointAnswer, State, UnitRef } from "./documents";
import { el } from "./dom";
import { facts, vietnamese } from "./facts";
import { area, day, dayBefore, number, squareMetres } from "./format";
import { icon } from "./icons";
import type { Reader } from "./reader";
import { themeCard } from "./themes";

const STATES: readonly State[] = ["applies", "not_carried_over", "none", "no_data"];

export function answerPage(answer: Answer, reader: Reader): HTMLElement[] {
  const { words } = reader;
  return [
    el("div", { class: "place" }, ..."parcel" in answer ? parcelPlace(answer, reader) : pointPlace(answer, reader)),
    ..."parcel" in answer ? [] : [parcelLinks(answer.parcels, reader)],
    el("section", { class: "themes", "aria-label": words.plans },
      el("h2", {}, words.plans),
      summaryChips(answer, reader),
      ...answer.themes.map((theme) => themeCard(theme, reader)),
    ),
    colophon(answer, reader),
  ];
}

/** The answer in one sentence, for those who hear it. */
export function spoken(answer: Answer, { words }: Reader): string {
  const place = "parcel" in answer ? words.parcel(answer.parcel.number, answer.parcel.sheet) : communes(answer.units).map((unit) => unit.name).join(", ");
  const counts = countStates(answer).map(([state, count]) => words.summary(words.state[state], count));
  const conflicts = answer.themes.some((theme) => theme.conflict) ? [words.conflict] : [];
  return words.answerReady(place, [...counts, ...conflicts].join(", "));
}

function countStates(answer: Answer): [State, number][] {
  return STATES.map((state): [State, number] => [state, answer.themes.filter((theme) => theme.state === state).length])
    .filter(([, count]) => count > 0);
}

function summaryChips(answer: Answer, { words }: Reader): HTMLElement {
  return el("ul", { class: "summary" }, ...countStates(answer).map(([state, count]) =>
    el("li", { class: `chip theme-${state}` }, icon(state), words.summary(words.state[state], count))));
}

function pointPlace(answer: PointAnswer, reader: Reader): HTMLElement[] {
  const { words, language } = reader;
  const { lon, lat, x, y } = answer.place;
  return [
    ...unitsNow(answer.units, reader),
    formerUnits(answer.former_units, reader),
    el("p", { class: "coordinates" },
      el("span", {}, `${lat.toFixed(6)}, ${lon.toFixed(6)}`), " ",
      el("span", {}, words.planeCoordinates(number(x, language, 1), number(y, language, 1)))),
  ];
}

function parcelPlace(answer: ParcelAnswer, reader: Reader): HTMLElement[] {
  const { parcel } = answer;
  const { words, language } = reader;
  const kind = parcel.land_use_code && legendRow(reader.legend, "land_use", parcel.land_use_code);
  const details = facts([
    [words.landUse, parcel.land_use_code && el("span", {}, parcel.land_use_code, kind && el("span", { lang: "vi" }, ` – ${kind.name}`))],
    [words.measured, squareMetres(parcel.area_m2, language)],
    [words.declared, parcel.declared_area_m2 === null ? null : squareMetres(parcel.declared_area_m2, language)],
    [words.perimeter, `${number(parcel.perimeter_m, language)} m`],
  ]);
  return [
    el("h2", { class: "subject" }, words.parcel(parcel.number, parcel.sheet)),
    el("p", { class: "lead" }, words.ofFormer(parcel.former_name ?? parcel.former_code)),
    ...(details ? [details] : []),
    ...communes(answer.units).map((unit) => el("p", { class: "unit-share" }, icon("commune"), unitButton(unit, reader, null),
      unit.area_m2 ? ` ${words.unitShare(squareMetres(unit.area_m2, language))}` : "")),
    formerUnits(answer.former_units, reader),
  ];
}

function unitsNow(units: UnitRef[], reader: Reader): HTMLElement[] {
  return communes(units).map((unit) => el("div", {},
    el("h2", { class: "subject" }, unitButton(unit, reader, null)),
    unit.province_name && el("p", { class: "lead", lang: "vi" }, unit.province_name)));
}

function formerUnits(units: UnitRef[], reader: Reader): HTMLElement {
  const { words, language } = reader;
  const list = communes(units).map((unit) => el("li", {},
    unitButton(unit, reader, unit.valid_to && dayBefore(unit.valid_to)),
    unit.district && el("span", {}, ` (${words.formerDistrict}: `, vietnamese(unit.district), ")"),
    unit.valid_to && el("span", { class: "quiet" }, `, ${words.endedOn(day(unit.valid_to, language))}`)));
  return el("div", { class: "formerly", hidden: list.length === 0 }, icon("past"), el("span", {}, words.formerly), el("ul", {}, ...list));
}

function communes(units: UnitRef[]): UnitRef[] {
  return units.filter((unit) => unit.level === "commune");
}

function unitButton(unit: UnitRef, reader: Reader, at: string | null): HTMLElement {
  return el("button", { type: "button", class: "link", lang: "vi", onclick: () => reader.select({ kind: "unit", code: unit.code, at }) }, unit.name);
}

function parcelLinks(parcels: ParcelRef[], reader: Reader): HTMLElement {
  const { words, language } = reader;
  return el("section", { class: "parcels", "aria-label": words.parcels },
    el("h2", {}, words.parcels),
    parcels.length === 0 && el("p", { class: "quiet" }, words.noParcels),
    ...parcels.map((parcel) =>
      el("button", { type: "button", class: "parcel-link", "data-parcel": parcel.key, onclick: () => reader.select({ kind: "parcel", key: parcel.key }) },
        icon("parcel"),
        el("span", {},
          el("strong", {}, words.parcel(parcel.number, parcel.sheet)),
          el("span", { class: "quiet" }, words.ofFormer(parcel.former_name ?? parcel.former_code)),
        ),
        el("span", { class: "size" }, [parcel.land_use_code, area(parcel.area_m2, language)].filter(Boolean).join(" · ")),
      )),
  );
}

function colophon(answer: Answer, reader: Reader): HTMLElement {
  const { words, language } = reader;
  const { release } = answer;
  const [crs, operation] = "parcel" in answer ? [null, answer.parcel.operation] : [answer.place.crs, answer.place.operation];
  return el("footer", { class: "colophon" },
    el("p", {}, el("strong", {}, answer.disclaimer[language])),
    el("p", {}, [words.asOf(day(answer.on, language)), words.release(release.number, day(release.published_at, language)), release.note].filter(Boolean).join(" · ")),
    crs && el("p", {}, words.operation(crs, operation)),
  );
}

/** What an answer is about: a point, a parcel or an area, with the units it lies in now and lay in before. */

import { legendRow } from "./colours";
import type { Answer, AreaSubject, ParcelSubject, PointSubject, UnitRef } from "./answers";
import { el } from "./dom";
import { facts, vietnamese } from "./facts";
import { area, day, dayBefore, number, squareMetres } from "./format";
import { icon } from "./icons";
import type { Reader } from "./reader";

export function subjectHead(answer: Answer, reader: Reader): HTMLElement {
  const { subject } = answer;
  return el("div", { class: "place", "data-subject": subject.kind },
    ...heading(answer, reader),
    actionsRow(),
    formerUnits(answer.former_units, reader),
    subject.kind === "point" && coordinates(subject, reader));
}

/** What the subject is called in a sentence. */
export function subjectName({ subject, units }: Answer, { words, language }: Reader): string {
  if (subject.kind === "parcel") return words.parcel(subject.number, subject.sheet);
  if (subject.kind === "area") return words.areaOf(area(subject.area_m2, language));
  return communes(units).map((unit) => unit.name).join(", ");
}

/** A row of buttons that do something with the answer; empty, it takes no room. */
function actionsRow(): HTMLElement {
  return el("div", { class: "actions" });
}

function heading(answer: Answer, reader: Reader): HTMLElement[] {
  const { subject, units } = answer;
  if (subject.kind === "point") return unitsNow(units, reader);
  const title = el("h2", { class: "subject" }, subjectName(answer, reader));
  const own = subject.kind === "parcel" ? parcelFacts(subject, reader) : areaFacts(subject, reader);
  return [title, ...own, ...unitShares(answer, reader)];
}

function parcelFacts(parcel: ParcelSubject, reader: Reader): HTMLElement[] {
  const { words, language } = reader;
  const kind = parcel.land_use_code && legendRow(reader.legend, "land_use", parcel.land_use_code);
  const details = facts([
    [words.landUse, parcel.land_use_code && el("span", {}, parcel.land_use_code, kind && el("span", { lang: "vi" }, ` – ${kind.name}`))],
    [words.measured, squareMetres(parcel.area_m2, language)],
    [words.declared, parcel.declared_area_m2 === null ? null : squareMetres(parcel.declared_area_m2, language)],
    [words.perimeter, `${number(parcel.perimeter_m, language)} m`],
    [words.outlineFrom, parcel.source && parcel.source.file_name],
    [words.accuracy, parcel.source && exactness(parcel.source.accuracy_m, reader)],
  ]);
  return [el("p", { class: "lead" }, words.ofFormer(parcel.former_name ?? parcel.former_code)), ...(details ? [details] : [])];
}

function exactness(metres: number | null, { words, language }: Reader): string {
  return metres === null ? words.notOnRecord : `± ${number(metres, language, 2)} m`;
}

function areaFacts(drawn: AreaSubject, { words, language }: Reader): HTMLElement[] {
  const details = facts([
    [words.measured, squareMetres(drawn.area_m2, language)],
    [words.perimeter, `${number(drawn.perimeter_m, language)} m`],
  ]);
  return [el("p", { class: "lead" }, words.drawnByYou), ...(details ? [details] : [])];
}

function unitsNow(units: UnitRef[], reader: Reader): HTMLElement[] {
  return communes(units).map((unit) => el("div", {},
    el("h2", { class: "subject" }, unitButton(unit, reader, null)),
    unit.province_name && el("p", { class: "lead", lang: "vi" }, unit.province_name)));
}

function unitShares({ subject, units }: Answer, reader: Reader): HTMLElement[] {
  const { words, language } = reader;
  const share = subject.kind === "parcel" ? words.unitShare : words.areaShare;
  return communes(units).map((unit) => el("p", { class: "unit-share" }, icon("commune"), unitButton(unit, reader, null),
    unit.area_m2 ? ` ${share(squareMetres(unit.area_m2, language))}` : ""));
}

function formerUnits(units: UnitRef[], reader: Reader): HTMLElement {
  const { words, language } = reader;
  const list = communes(units).map((unit) => el("li", {},
    unitButton(unit, reader, unit.valid_to && dayBefore(unit.valid_to)),
    unit.district && el("span", {}, ` (${words.formerDistrict}: `, vietnamese(unit.district), ")"),
    unit.valid_to && el("span", { class: "quiet" }, `, ${words.endedOn(day(unit.valid_to, language))}`)));
  return el("div", { class: "formerly", hidden: list.length === 0 }, icon("past"), el("span", {}, words.formerly), el("ul", {}, ...list));
}

function coordinates({ lon, lat, x, y }: PointSubject, { words, language }: Reader): HTMLElement {
  return el("p", { class: "coordinates" },
    el("span", {}, `${lat.toFixed(6)}, ${lon.toFixed(6)}`), " ",
    el("span", {}, words.planeCoordinates(number(x, language, 1), number(y, language, 1))));
}

function communes(units: UnitRef[]): UnitRef[] {
  return units.filter((unit) => unit.level === "commune");
}

function unitButton(unit: UnitRef, reader: Reader, at: string | null): HTMLElement {
  return el("button", { type: "button", class: "link", lang: "vi", onclick: () => reader.select({ kind: "unit", code: unit.code, at }) }, unit.name);
}

/** What the page shows, kept in the address so that it can be copied, reloaded and gone back to. */

import { areaText, readArea, type Area } from "./areas";

export type Language = "vi" | "en";
export type Mode = "lookup" | "coverage";
export type LayerName = "units" | "former-units" | "plans" | "zones" | "control-lines" | "parcels";
export type Selection =
  | { kind: "point"; lon: number; lat: number }
  | { kind: "parcel"; key: string }
  /** A parcel by the number a person has; its commune may be a former or a present one. */
  | { kind: "number"; key: string }
  /** What somebody drew. */
  | { kind: "area"; area: Area }
  /** `at` tells which unit of that code is meant: the one in force that day. */
  | { kind: "unit"; code: string; at: string | null };

export interface View {
  lon: number;
  lat: number;
  zoom: number;
}

export interface State {
  view: View | null;
  selection: Selection | null;
  on: string | null;
  release: number | null;
  level: string | null;
  layers: readonly LayerName[];
  mode: Mode;
  lang: Language;
}

export const LAYERS: readonly LayerName[] = ["units", "former-units", "plans", "zones", "control-lines", "parcels"];

export const START: State = {
  view: null,
  selection: null,
  on: null,
  release: null,
  level: null,
  layers: ["units", "plans", "zones", "parcels"],
  mode: "lookup",
  lang: "vi",
};

export function toHash(state: State): string {
  const parts: string[] = [];
  const add = (name: string, value: string | number | null): void => {
    if (value !== null && value !== "") parts.push(`${name}=${value}`);
  };
  add("view", state.view && [round(state.view.lon, 6), round(state.view.lat, 6), round(state.view.zoom, 2)].join(","));
  if (state.selection) add(state.selection.kind, selectionText(state.selection));
  add("on", state.on);
  add("release", state.release);
  add("level", state.level);
  if (!sameLayers(state.layers, START.layers)) add("layers", state.layers.length > 0 ? state.layers.join(",") : "-");
  if (state.mode !== START.mode) add("mode", state.mode);
  if (state.lang !== START.lang) add("lang", state.lang);
  return parts.length > 0 ? `#${parts.join("&")}` : "";
}

/** An area of many corners has no place in an address. */
function selectionText(selection: Selection): string | null {
  switch (selection.kind) {
    case "point":
      return `${round(selection.lon, 7)},${round(selection.lat, 7)}`;
    case "parcel":
    case "number":
      return selection.key;
    case "area":
      return areaText(selection.area);
    case "unit":
      return selection.at ? `${selection.code}@${selection.at}` : selection.code;
  }
}

/** What an address asks for; whatever in it makes no sense is left out. */
export function fromHash(hash: string): State {
  const found = new URLSearchParams(hash.replace(/^#/, "").replaceAll("+", "%2B"));
  const release = Number(found.get("release"));
  const level = found.get("level") ?? "";
  return {
    view: readView(found.get("view")),
    selection: readSelection(found),
    on: readDay(found.get("on")),
    release: Number.isInteger(release) && release > 0 ? release : null,
    level: /^[a-z_]{1,20}$/.test(level) ? level : null,
    layers: readLayers(found.get("layers")),
    mode: found.get("mode") === "coverage" ? "coverage" : "lookup",
    lang: found.get("lang") === "en" ? "en" : "vi",
  };
}

function readView(text: string | null): View | null {
  const [lon, lat, zoom] = numbers(text, 3);
  if (lon === undefined || lat === undefined || zoom === undefined) return null;
  return isPlace(lon, lat) && zoom >= 0 && zoom <= 24 ? { lon, lat, zoom } : null;
}

function readSelection(found: URLSearchParams): Selection | null {
  const [lon, lat] = numbers(found.get("point"), 2);
  if (lon !== undefined && lat !== undefined && isPlace(lon, lat)) return { kind: "point", lon, lat };
  for (const kind of ["parcel", "number"] as const) {
    const key = found.get(kind) ?? "";
    if (/^\d{5}\/\d{1,7}\/\d{1,7}$/.test(key)) return { kind, key };
  }
  const area = readArea(found.get("area") ?? "");
  if (area) return { kind: "area", area };
  const [code, at] = (found.get("unit") ?? "").split("@");
  return code && /^\d{2}(\d{3})?$/.test(code) ? { kind: "unit", code, at: readDay(at ?? null) } : null;
}

const RING_DIGITS = 8;

/** The outer ring of a polygon as it stands in the address, to a millimetre. */
export function toRing({ coordinates }: GeoJSON.Polygon): string {
  return (coordinates[0] ?? []).slice(0, -1).map(([lon = 0, lat = 0]) => `${round(lon, RING_DIGITS)},${round(lat, RING_DIGITS)}`).join(";");
}

/** The polygon of such a ring; null where it is none. */
export function fromRing(ring: string): GeoJSON.Polygon | null {
  const corners = ring.split(";").map((corner) => numbers(corner, 2));
  const [first] = corners;
  if (!first || corners.length < 3 || !corners.every(([lon, lat]) => lon !== undefined && lat !== undefined && isPlace(lon, lat))) return null;
  return { type: "Polygon", coordinates: [[...corners, first]] };
}

function readLayers(text: string | null): readonly LayerName[] {
  if (text === null) return START.layers;
  const wanted = text.split(",");
  return LAYERS.filter((layer) => wanted.includes(layer));
}

/** A day that exists, as YYYY-MM-DD; null for anything else. */
export function readDay(text: string | null): string | null {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const moment = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text) ? text : null;
}

function numbers(text: string | null, count: number): number[] {
  const values = (text ?? "").split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  return values.length === count && values.every(Number.isFinite) ? values : [];
}

function isPlace(lon: number, lat: number): boolean {
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

export function sameLayers(one: readonly LayerName[], other: readonly LayerName[]): boolean {
  return one.length === other.length && one.every((layer) => other.includes(layer));
}

export function sameSelection(one: Selection | null, other: Selection | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

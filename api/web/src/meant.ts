/** What a text in the search box may mean: the choices of `/v1/search`. */

import type { Bounds } from "./documents";
import type { IconName } from "./icons";
import type { Language, Selection } from "./state";

export interface Choice {
  kind: "point" | "area" | "parcel" | "unit" | "former_unit" | "locality";
  label: Record<Language, string>;
  note: Record<Language, string> | null;
  href: string;
  key: string | null;
  at: string | null;
  lon: number | null;
  lat: number | null;
  geometry: GeoJSON.Geometry | null;
}

export interface ChoiceList {
  q: string;
  choices: Choice[];
  total: number;
  why: Record<Language, string> | null;
}

export const ICON_OF: Record<Choice["kind"], IconName> = {
  point: "pin", area: "parcel", parcel: "parcel", unit: "commune", former_unit: "past", locality: "pin",
};

/** The selection that a choice stands for; null for a name of a place without limits of its own. */
export function selectionOf({ kind, key, at, lon, lat, geometry }: Choice): Selection | null {
  if (kind === "parcel" && key) return { kind: "parcel", key };
  if ((kind === "unit" || kind === "former_unit") && key) return { kind: "unit", code: key, at };
  if (kind === "area" && geometry?.type === "Polygon") return { kind: "area", area: geometry.coordinates.map(withoutLast) };
  return kind === "point" && lon !== null && lat !== null ? { kind: "point", lon, lat } : null;
}

/** A closed ring without its last corner, which is its first again. */
function withoutLast(ring: GeoJSON.Position[]): { lon: number; lat: number }[] {
  return ring.slice(0, -1).map(([lon, lat]) => ({ lon: lon!, lat: lat! }));
}

/** West, south, east, north of a shape; null of one without coordinates. */
export function boundsOfShape(shape: GeoJSON.Geometry): Bounds | null {
  const numbers = JSON.stringify("coordinates" in shape ? shape.coordinates : []).match(/-?\d+(\.\d+)?(e-?\d+)?/g)?.map(Number) ?? [];
  const lons = numbers.filter((_, place) => place % 2 === 0);
  const lats = numbers.filter((_, place) => place % 2 === 1);
  return lons.length > 0 ? [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)] : null;
}

/** A pasted table in one line, its rows parted as the service reads them. */
export function onOneLine(text: string): string {
  return text.trim().replaceAll(/[ \t]*(?:\r?\n)[\s]*/g, " ; ");
}

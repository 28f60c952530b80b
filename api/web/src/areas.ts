/** An area that somebody asks about: rings of longitude and latitude; in the address, in the question, out of a GeoJSON file. */

import type { LonLat } from "./coordinates";
import type { Bounds } from "./documents";

/** A closed ring; its last corner is not its first again. */
export type Ring = readonly LonLat[];
/** The outer ring and the holes of one polygon. */
export type Area = readonly Ring[];

/** The limits of the service. */
export const MOST_CORNERS = 1000;
const LONGEST_QUESTION = 16_000;
/** An area longer than this does not go into an address. */
const LONGEST_ADDRESS = 2_000;
export const LARGEST_FILE = 1_000_000;
/** 1 cm on the ground. */
const DIGITS = 7;

export type Refused = "unreadable" | "notOnePolygon" | "notDegrees" | "tooManyCorners" | "tooLong";

/** The area as the address has it; null where it is too long for one. */
export function areaText(area: Area): string | null {
  const text = area.map((ring) => ring.map(corner).join(",")).join(";");
  return text.length <= LONGEST_ADDRESS ? text : null;
}

export function readArea(text: string): Area | null {
  const rings = text.split(";").map(readRing);
  return rings.every((ring) => ring !== null) && !fault(rings) ? rings : null;
}

/** The question that the service reads. */
export function asWkt(area: Area): string {
  return `POLYGON(${area.map((ring) => `(${[...ring, ring[0]!].map((place) => corner(place).replace("_", " ")).join(",")})`).join(",")})`;
}

/** Why the service would not take it, or null. Whether it crosses itself, the service says. */
export function fault(area: Area): Refused | null {
  const corners = area.flat();
  if (area.length === 0 || area.some((ring) => ring.length < 3)) return "notOnePolygon";
  if (corners.some(({ lon, lat }) => !(Math.abs(lon) <= 180 && Math.abs(lat) <= 90))) return "notDegrees";
  if (corners.length + area.length > MOST_CORNERS) return "tooManyCorners";
  return asWkt(area).length > LONGEST_QUESTION ? "tooLong" : null;
}

export function boundsOf(area: Area): Bounds {
  const corners = area.flat();
  const lons = corners.map(({ lon }) => lon);
  const lats = corners.map(({ lat }) => lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** The one polygon of a GeoJSON text in longitude and latitude, or why it is not taken. Heights are left out. */
export function areaOfGeojson(text: string): Area | Refused {
  let document: Record<string, unknown>;
  try {
    document = Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return "unreadable";
  }
  if (!isInDegrees(document["crs"])) return "notDegrees";
  const [polygon, ...more] = polygonsIn(document);
  if (!polygon || more.length > 0) return "notOnePolygon";
  const area = polygon.map(ringOf);
  if (!area.every((ring) => ring !== null)) return "unreadable";
  return fault(area) ?? area;
}

/** The old member `crs`, which some programs still write: the datum must be WGS 84. */
function isInDegrees(crs: unknown): boolean {
  return crs === undefined || crs === null || /CRS84|EPSG:+4326/i.test(JSON.stringify(crs));
}

function polygonsIn(node: unknown): unknown[][] {
  const { type, coordinates, geometry, features, geometries } = Object(node) as Record<string, unknown>;
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  if (type === "FeatureCollection") return list(features).flatMap(polygonsIn);
  if (type === "GeometryCollection") return list(geometries).flatMap(polygonsIn);
  if (type === "Feature") return polygonsIn(geometry);
  if (type === "Polygon") return [list(coordinates)];
  return type === "MultiPolygon" ? list(coordinates).map(list) : [];
}

function ringOf(value: unknown): Ring | null {
  if (!Array.isArray(value)) return null;
  const places = value.map((place: unknown): LonLat | null =>
    Array.isArray(place) && typeof place[0] === "number" && typeof place[1] === "number" ? { lon: place[0], lat: place[1] } : null);
  return places.every((place) => place !== null) ? opened(places) : null;
}

/** Without the repeated first corner. */
function opened(ring: LonLat[]): Ring {
  const [first, last] = [ring[0], ring.at(-1)];
  return ring.length > 1 && first?.lon === last?.lon && first?.lat === last?.lat ? ring.slice(0, -1) : ring;
}

function readRing(text: string): Ring | null {
  const places = text.split(",").map((part) => part.split("_").map((one) => (/^-?\d+(\.\d+)?$/.test(one) ? Number(one) : Number.NaN)));
  return places.every((place) => place.length === 2 && place.every(Number.isFinite)) ? places.map(([lon, lat]) => ({ lon: lon!, lat: lat! })) : null;
}

function corner({ lon, lat }: LonLat): string {
  return `${Number(lon.toFixed(DIGITS))}_${Number(lat.toFixed(DIGITS))}`;
}

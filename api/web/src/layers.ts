/** The drawing of the map: one source for each layer of tiles, and what is drawn from it, from the ground up. */

import type {
  ExpressionSpecification, FilterSpecification, LayerSpecification, StyleSpecification, VectorSourceSpecification,
} from "@maplibre/maplibre-gl-style-spec";
import { functionFill, hasNoFill, SEVERITY_COLOURS } from "./colours";
import type { LegendDocument } from "./documents";
import type { LayerName } from "./state";

export const FONT = ["Arial", "Noto Sans", "DejaVu Sans", "sans-serif"];
export const HATCH = "hatch";

/**
 * Layers of tiles and their zooms. The service has tiles up to 18; those of 16 are exact to 15 cm, are drawn larger beyond,
 * and repeat fewer names, for a name is written once a tile.
 */
export const TILES: Readonly<Record<LayerName | "findings", { minzoom: number; maxzoom: number }>> = {
  units: { minzoom: 0, maxzoom: 16 },
  "former-units": { minzoom: 0, maxzoom: 16 },
  plans: { minzoom: 8, maxzoom: 16 },
  zones: { minzoom: 9, maxzoom: 16 },
  "control-lines": { minzoom: 10, maxzoom: 16 },
  parcels: { minzoom: 14, maxzoom: 16 },
  findings: { minzoom: 0, maxzoom: 16 },
};
export const TILE_SOURCES = Object.keys(TILES) as (keyof typeof TILES)[];

/** What a person switches → the drawn layers it means. */
export const DRAWN: Readonly<Record<LayerName, readonly string[]>> = {
  units: ["units-casing", "units-line", "unit-names"],
  "former-units": ["former-units-line", "former-unit-names"],
  plans: ["plans-casing", "plans-line"],
  zones: ["zones-fill", "zones-unknown", "zones-line", "zone-names"],
  "control-lines": ["control-lines-line", "control-lines-dashed", "control-lines-marker"],
  parcels: ["parcels-line", "parcel-names"],
};
export const OF_LEVEL = ["zones-fill", "zones-unknown", "zones-line", "zone-names", "plans-casing", "plans-line"];
export const COVERAGE_LAYERS = ["coverage-fill", "findings-fill", "findings-line"];

/** A width that grows from a whole province to a street. */
function wide(far: number, near: number): ExpressionSpecification {
  return ["interpolate", ["linear"], ["zoom"], 8, far, 13, near];
}

const NOTHING: GeoJSON.FeatureCollection = { type: "FeatureCollection", features: [] };
const NEVER: FilterSpecification = ["==", ["literal", 0], 1];

export function style(legend: LegendDocument, address: (layer: string) => string): StyleSpecification {
  const tiles = TILE_SOURCES.map((name): [string, VectorSourceSpecification] =>
    [name, { type: "vector", tiles: [address(name)], ...TILES[name] }]);
  return {
    version: 8,
    sources: {
      ...Object.fromEntries(tiles),
      names: { type: "geojson", data: NOTHING },
      selection: { type: "geojson", data: NOTHING },
      parts: { type: "geojson", data: NOTHING },
      outline: { type: "geojson", data: NOTHING },
    },
    layers: [...ground(), ...zones(legend), ...boundaries(), ...controlLines(), ...findings(), ...parts(), ...selected(), ...names(), partNames(), ...outline()],
  };
}

/** The filter of a layer that belongs to a level of plans. */
export function ofLevel(layer: string, level: string, legend: LegendDocument): FilterSpecification {
  const same: ExpressionSpecification = ["==", ["get", "level"], level];
  return layer === "zones-unknown" ? ["all", same, hasNoFill(legend)] : same;
}

export function findingsOf(level: string): FilterSpecification {
  return ["in", ["get", "level"], ["literal", [level, "unit"]]];
}

function ground(): LayerSpecification[] {
  return [
    { id: "ground", type: "background", paint: { "background-color": "#e4e9ea" } },
    { id: "units-fill", type: "fill", source: "units", "source-layer": "units", paint: { "fill-color": "#fbfaf6" } },
    {
      id: "coverage-fill", type: "fill", source: "units", "source-layer": "units", layout: { visibility: "none" },
      paint: { "fill-color": "rgba(0, 0, 0, 0)" },
    },
  ];
}

function zones(legend: LegendDocument): LayerSpecification[] {
  const from = { source: "zones", "source-layer": "zones", filter: NEVER };
  return [
    { id: "zones-fill", type: "fill", ...from, paint: { "fill-color": functionFill(legend), "fill-opacity": 0.88, "fill-antialias": false } },
    { id: "zones-unknown", type: "fill", ...from, paint: { "fill-pattern": HATCH } },
    {
      id: "zones-line", type: "line", ...from, minzoom: 13,
      paint: { "line-color": "#33302b", "line-width": ["interpolate", ["linear"], ["zoom"], 13, 0.2, 18, 1], "line-opacity": 0.55 },
    },
  ];
}

function boundaries(): LayerSpecification[] {
  const plans = { source: "plans", "source-layer": "plans", filter: NEVER };
  const units = { source: "units", "source-layer": "units" };
  return [
    {
      id: "parcels-line", type: "line", source: "parcels", "source-layer": "parcels", minzoom: 15,
      paint: { "line-color": "#1f2328", "line-width": ["interpolate", ["linear"], ["zoom"], 15, 0.3, 19, 1.2], "line-opacity": 0.75 },
    },
    { id: "plans-casing", type: "line", ...plans, paint: { "line-color": "#ffffff", "line-width": wide(2.5, 5), "line-opacity": 0.75 } },
    { id: "plans-line", type: "line", ...plans, paint: { "line-color": "#8a1c4a", "line-width": wide(1, 2) } },
    { id: "units-casing", type: "line", ...units, paint: { "line-color": "#ffffff", "line-width": wide(2.2, 4.5), "line-opacity": 0.85 } },
    { id: "units-line", type: "line", ...units, layout: { "line-join": "round" }, paint: { "line-color": "#26323b", "line-width": wide(0.8, 1.8), "line-dasharray": [6, 1.5, 1, 1.5] } },
    {
      id: "former-units-line", type: "line", source: "former-units", "source-layer": "former-units", layout: { visibility: "none" },
      paint: { "line-color": "#6a3fa0", "line-width": wide(0.8, 2.2), "line-dasharray": [2, 1.5] },
    },
  ];
}

/** Red lines whole, building lines and corridors dashed, markers as dots. */
function controlLines(): LayerSpecification[] {
  const from = { source: "control-lines", "source-layer": "control-lines" };
  const hidden = { layout: { visibility: "none" as const } };
  const colour: ExpressionSpecification = ["match", ["get", "kind"], "corridor", "#c2540a", "#c8102e"];
  return [
    { id: "control-lines-line", type: "line", ...from, ...hidden, filter: ["==", ["get", "kind"], "red_line"],
      paint: { "line-color": colour, "line-width": wide(1, 2.2) } },
    { id: "control-lines-dashed", type: "line", ...from, ...hidden, filter: ["in", ["get", "kind"], ["literal", ["building_line", "corridor"]]],
      paint: { "line-color": colour, "line-width": wide(1, 2.2), "line-dasharray": [4, 2] } },
    { id: "control-lines-marker", type: "circle", ...from, ...hidden, filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": wide(2, 4), "circle-color": "#ffffff", "circle-stroke-color": colour, "circle-stroke-width": 1.5 } },
  ];
}

function findings(): LayerSpecification[] {
  const from = { source: "findings", "source-layer": "findings", layout: { visibility: "none" as const }, filter: NEVER };
  const colour: ExpressionSpecification =
    ["match", ["get", "severity"], "error", SEVERITY_COLOURS.error, "warning", SEVERITY_COLOURS.warning, SEVERITY_COLOURS.info];
  return [
    { id: "findings-fill", type: "fill", ...from, paint: { "fill-color": colour, "fill-opacity": ["match", ["get", "severity"], "info", 0.1, 0.55] } },
    { id: "findings-line", type: "line", ...from, paint: { "line-color": colour, "line-width": ["match", ["get", "severity"], "info", 1, 2] } },
  ];
}

/** Land of former units within a new one. */
function parts(): LayerSpecification[] {
  return [
    { id: "parts-fill", type: "fill", source: "parts", paint: { "fill-color": ["get", "fill"], "fill-opacity": 0.55 } },
    { id: "parts-line", type: "line", source: "parts", paint: { "line-color": "#26323b", "line-width": 1.5, "line-dasharray": [2, 1.5] } },
  ];
}

function partNames(): LayerSpecification {
  return {
    id: "part-names", type: "symbol", source: "parts",
    layout: { "text-font": FONT, "text-max-width": 7, "text-field": ["get", "name"], "text-size": wide(11, 14) },
    paint: { "text-color": "#10222b", "text-halo-color": "rgba(255, 255, 255, 0.95)", "text-halo-width": 1.8 },
  };
}

function selected(): LayerSpecification[] {
  const outline = { "line-color": "#00313d", "line-width": 3.5 };
  const halo = { "line-color": "#ffffff", "line-width": 7 };
  const zone = { source: "zones", "source-layer": "zones", filter: NEVER };
  const parcel = { source: "parcels", "source-layer": "parcels", filter: NEVER };
  return [
    { id: "zones-selected-halo", type: "line", ...zone, paint: { "line-color": "#ffffff", "line-width": 4.5 } },
    { id: "zones-selected", type: "line", ...zone, paint: { "line-color": "#00313d", "line-width": 2 } },
    { id: "parcels-selected-halo", type: "line", ...parcel, paint: halo },
    { id: "parcels-selected", type: "line", ...parcel, paint: outline },
    { id: "selection-halo", type: "line", source: "selection", paint: halo },
    { id: "selection-line", type: "line", source: "selection", paint: outline },
  ];
}

/** What somebody is drawing. */
function outline(): LayerSpecification[] {
  const from = { source: "outline" };
  return [
    { id: "outline-fill", type: "fill", ...from, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#00566b", "fill-opacity": 0.18 } },
    { id: "outline-line", type: "line", ...from, filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": "#00566b", "line-width": 2.5, "line-dasharray": [3, 1.5] } },
    { id: "outline-corners", type: "circle", ...from, filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 5, "circle-color": "#ffffff", "circle-stroke-color": "#00566b", "circle-stroke-width": 2.5 } },
  ];
}

function names(): LayerSpecification[] {
  const halo = { "text-halo-color": "rgba(255, 255, 255, 0.95)", "text-halo-width": 1.6 };
  const label = { "text-font": FONT, "text-max-width": 7, "text-padding": 4 };
  return [
    {
      id: "zone-names", type: "symbol", source: "zones", "source-layer": "zones", minzoom: 15, filter: NEVER,
      layout: { ...label, "text-field": ["to-string", ["get", "lot_symbol"]], "text-size": 11 },
      paint: { "text-color": "#3b1f00", ...halo },
    },
    {
      id: "parcel-names", type: "symbol", source: "parcels", "source-layer": "parcels", minzoom: 16.5,
      layout: { ...label, "text-field": ["concat", ["to-string", ["get", "sheet"]], "/", ["to-string", ["get", "number"]]], "text-size": 11 },
      paint: { "text-color": "#111111", ...halo },
    },
    {
      id: "former-unit-names", type: "symbol", source: "names", filter: ["!", ["get", "in_force"]],
      layout: { ...label, visibility: "none", "text-field": ["get", "name"], "text-size": wide(10, 13) },
      paint: { "text-color": "#553085", ...halo },
    },
    {
      id: "unit-names", type: "symbol", source: "names", filter: ["get", "in_force"],
      layout: {
        ...label, "text-size": wide(11, 16),
        "text-field": ["case", ["has", "ratio"], ["concat", ["get", "name"], "\n", ["get", "ratio"]], ["get", "name"]],
      },
      paint: { "text-color": "#10222b", ...halo, "text-halo-width": 2 },
    },
  ];
}

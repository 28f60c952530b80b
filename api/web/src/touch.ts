/** What happens on the map: touching a place, the keyboard, what is in view, and tiles that fail. */

import type { MapGeoJSONFeature, PointLike } from "maplibre-gl";
import type { Scheme } from "./documents";
import type { LonLat } from "./coordinates";
import type { ShownFunction } from "./controls";
import type { PlanningMap } from "./map";
import type { DrawnFinding } from "./popups";
import type { Mode, View } from "./state";

export interface MapListener {
  mode(): Mode;
  point(place: LonLat): void;
  finding(finding: DrawnFinding, place: LonLat): void;
  commune(code: string, name: string, place: LonLat): void;
  moved(view: View): void;
  /** Everything asked for is drawn. */
  drawn(): void;
  failed(): void;
}

const REACH_PX = 5;

export function listenTo(planning: PlanningMap, listener: MapListener): void {
  const { map } = planning;
  const touch = (place: LonLat): void => (listener.mode() === "lookup" ? listener.point(place) : touchCoverage(planning, place, listener));
  map.on("click", ({ lngLat }) => touch({ lon: lngLat.lng, lat: lngLat.lat }));
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const { lng, lat } = map.getCenter();
    touch({ lon: lng, lat });
  });
  map.on("moveend", () => listener.moved(planning.view));
  map.on("idle", () => listener.drawn());
  map.on("error", () => listener.failed());
}

function touchCoverage({ map }: PlanningMap, place: LonLat, listener: MapListener): void {
  const { x, y } = map.project([place.lon, place.lat]);
  const around: [PointLike, PointLike] = [[x - REACH_PX, y - REACH_PX], [x + REACH_PX, y + REACH_PX]];
  const [smallest] = map.queryRenderedFeatures(around, { layers: ["findings-fill", "findings-line"] }).map(drawnFinding)
    .sort((one, other) => one.area_m2 - other.area_m2);
  if (smallest) return listener.finding(smallest, place);
  const [commune] = map.queryRenderedFeatures([x, y], { layers: ["units-fill"] });
  if (commune) listener.commune(String(commune.properties["code"]), String(commune.properties["name"]), place);
}

function drawnFinding({ id, properties }: MapGeoJSONFeature): DrawnFinding {
  return {
    id: Number(id),
    check: String(properties["check"]),
    severity: properties["severity"] as DrawnFinding["severity"],
    area_m2: Number(properties["area_m2"]),
    width_m: Number(properties["width_m"]),
  };
}

/** What the legend must explain. Reads every zone in view: for when somebody looks at the legend. */
export function functionsInView({ map }: PlanningMap): ShownFunction[] {
  const found = new Map<string, ShownFunction>();
  for (const { properties } of map.queryRenderedFeatures({ layers: ["zones-fill"] })) {
    const shown = { scheme: properties["function_scheme"] as Scheme, code: String(properties["function_code"]) };
    found.set(`${shown.scheme} ${shown.code}`, shown);
  }
  return [...found.values()];
}

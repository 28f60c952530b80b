/** The map: our own tiles on a plain ground. No outside basemap, no fonts or images from elsewhere. */

import type { FilterSpecification } from "@maplibre/maplibre-gl-style-spec";
import { type GeoJSONSource, Map as MapLibre, Marker, type PaddingOptions, Popup, setWorkerUrl, type VectorTileSource } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { ROOT } from "./api";
import { ratioFill } from "./colours";
import type { Answer } from "./answers";
import type { Bounds, CoverageRow, LegendDocument, UnitRow } from "./documents";
import { percent } from "./format";
import { COVERAGE_LAYERS, DRAWN, findingsOf, HATCH, OF_LEVEL, ofLevel, style, TILE_SOURCES } from "./layers";
import { LAYERS, type Language, type State, type View } from "./state";

/** A day and a publication: what the tiles show. */
export interface Edition {
  on: string;
  release: number;
}

export interface Beginning {
  container: HTMLElement;
  legend: LegendDocument;
  edition: Edition;
  view: View | null;
  bounds: Bounds | null;
  title: string;
  hidden: Hidden;
}

const WIDE: Bounds = [102, 8, 110, 23.5];

export class PlanningMap {
  readonly map: MapLibre;
  /** Until then nothing can be drawn. */
  readonly ready: Promise<void>;
  private readonly marker = new Marker({ color: "#00566b" });
  private readonly legend: LegendDocument;
  private marked: readonly number[] = [];
  private level = "";
  private units: readonly UnitRow[] = [];
  private ratios: ReadonlyMap<string, string> = new Map();
  private popup: Popup | null = null;

  constructor(beginning: Beginning) {
    setWorkerUrl(workerUrl);
    this.legend = beginning.legend;
    this.map = new MapLibre({
      container: beginning.container,
      style: style(beginning.legend, (layer) => tileAddress(layer, beginning.edition)),
      attributionControl: false,
      renderWorldCopies: false,
      dragRotate: false,
      touchPitch: false,
      pitchWithRotate: false,
      maxZoom: 21,
      minZoom: 4,
      locale: { "Map.Title": beginning.title },
      ...(beginning.view
        ? { center: [beginning.view.lon, beginning.view.lat], zoom: beginning.view.zoom }
        : { bounds: beginning.bounds ?? WIDE, fitBoundsOptions: { padding: padding(beginning.hidden) } }),
    });
    this.ready = new Promise((resolve) => this.map.once("style.load", () => {
      this.map.addImage(HATCH, hatch());
      resolve();
    }));
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
  }

  /** Show another day or publication. */
  turnTo(edition: Edition): void {
    for (const name of TILE_SOURCES) {
      this.map.getSource<VectorTileSource>(name)?.setTiles([tileAddress(name, edition)]);
    }
  }

  /** Ask again for the tiles that failed. */
  reload(): void {
    for (const name of TILE_SOURCES) this.map.refreshTiles(name);
  }

  /** Show the layers that the state asks for. */
  draw(state: State, level: string): void {
    this.level = level;
    const covering = state.mode === "coverage";
    for (const layer of LAYERS) {
      const wanted = state.layers.includes(layer) && !(covering && (layer === "zones" || layer === "parcels"));
      for (const drawn of DRAWN[layer]) this.setVisible(drawn, wanted);
    }
    for (const drawn of COVERAGE_LAYERS) this.setVisible(drawn, covering);
    for (const drawn of OF_LEVEL) this.map.setFilter(drawn, ofLevel(drawn, level, this.legend));
    for (const drawn of ["findings-fill", "findings-line"]) this.map.setFilter(drawn, findingsOf(level));
    this.markZones();
  }

  nameUnits(units: readonly UnitRow[]): void {
    this.units = units;
    this.writeNames();
  }

  /** Colour and label communes by their ratio of one level. */
  drawRatios(rows: readonly CoverageRow[], language: Language): void {
    this.map.setPaintProperty("coverage-fill", "fill-color", ratioFill(rows));
    this.ratios = new Map(rows.map((row) => [row.unit_code, percent(row.ratio_pct, language)]));
    this.writeNames();
  }

  /** Mark what an answer is about: its point or parcel, and the zones that apply. */
  mark(answer: Answer | null, shape: GeoJSON.Geometry | null): void {
    this.marked = answer?.themes.flatMap((theme) => theme.restrictions.flatMap(({ zone }) => (zone ? [zone.id] : []))) ?? [];
    this.markZones();
    const parcels = answer?.subject.kind === "point" ? answer.parcels : [];
    this.highlight("parcels", ["any", ...parcels.map((parcel): FilterSpecification =>
      ["all", ["==", ["get", "former_code"], parcel.former_code], ["==", ["get", "sheet"], parcel.sheet], ["==", ["get", "number"], parcel.number]],
    )] as FilterSpecification);
    this.outline(shape);
  }

  outline(shape: GeoJSON.Geometry | null): void {
    const features: GeoJSON.Feature[] = shape ? [{ type: "Feature", geometry: shape, properties: {} }] : [];
    this.map.getSource<GeoJSONSource>("selection")?.setData({ type: "FeatureCollection", features });
  }

  /** The land that former units gave to the one shown, each in its colour. */
  drawParts(features: readonly GeoJSON.Feature[]): void {
    this.map.getSource<GeoJSONSource>("parts")?.setData({ type: "FeatureCollection", features: [...features] });
  }

  pin(place: { lon: number; lat: number } | null): void {
    if (place) this.marker.setLngLat([place.lon, place.lat]).addTo(this.map);
    else this.marker.remove();
  }

  fit(bounds: Bounds, hidden: Hidden): void {
    this.map.fitBounds(bounds, { padding: padding(hidden), maxZoom: 18, duration: 900 });
  }

  /** Move only when the place is off the map or behind the answer. */
  reveal(place: { lon: number; lat: number }, hidden: Hidden, zoom?: number): void {
    const { x, y } = this.map.project([place.lon, place.lat]);
    const { clientWidth, clientHeight } = this.map.getContainer();
    const inside = x > 24 && x < clientWidth - 24 && y > 60 && y < clientHeight - hidden.bottom - 24;
    if (inside && zoom === undefined) return;
    this.map.easeTo({
      center: [place.lon, place.lat],
      offset: [0, -hidden.bottom / 2],
      ...(zoom === undefined ? {} : { zoom: Math.max(zoom, this.map.getZoom()) }),
    });
  }

  open(place: { lon: number; lat: number }, content: HTMLElement): void {
    this.closePopup();
    this.popup = new Popup({ maxWidth: "20rem", focusAfterOpen: false }).setLngLat([place.lon, place.lat]).setDOMContent(content).addTo(this.map);
  }

  closePopup(): void {
    this.popup?.remove();
    this.popup = null;
  }

  looksAt(view: View): boolean {
    const now = this.view;
    return Math.abs(now.lon - view.lon) < 1e-5 && Math.abs(now.lat - view.lat) < 1e-5 && Math.abs(now.zoom - view.zoom) < 0.01;
  }

  rename(title: string): void {
    this.map.getCanvas().setAttribute("aria-label", title);
  }

  get view(): View {
    const { lng, lat } = this.map.getCenter();
    return { lon: lng, lat, zoom: this.map.getZoom() };
  }

  private setVisible(layer: string, visible: boolean): void {
    this.map.setLayoutProperty(layer, "visibility", visible ? "visible" : "none");
  }

  /** Zones that apply are marked while their level is shown. */
  private markZones(): void {
    this.highlight("zones", ["all", ["in", ["id"], ["literal", [...this.marked]]], ["==", ["get", "level"], this.level]]);
  }

  private highlight(layer: "zones" | "parcels", filter: FilterSpecification): void {
    for (const drawn of [`${layer}-selected-halo`, `${layer}-selected`]) this.map.setFilter(drawn, filter);
  }

  private writeNames(): void {
    const features = this.units.flatMap((unit): GeoJSON.Feature[] => {
      if (!unit.bbox) return [];
      const [west, south, east, north] = unit.bbox;
      const ratio = unit.in_force ? this.ratios.get(unit.code) : undefined;
      return [{
        type: "Feature",
        geometry: { type: "Point", coordinates: [(west + east) / 2, (south + north) / 2] },
        properties: { name: unit.name, in_force: unit.in_force, ...(ratio ? { ratio } : {}) },
      }];
    });
    this.map.getSource<GeoJSONSource>("names")?.setData({ type: "FeatureCollection", features });
  }
}

/** Pixels of the map that lie behind the answer. */
export interface Hidden {
  bottom: number;
}

function padding({ bottom }: Hidden): PaddingOptions {
  return { top: 40, left: 40, right: 40, bottom: 40 + bottom };
}

/** Tiles of a named day and publication never change, so they may be kept for ever. */
function tileAddress(layer: string, edition: Edition): string {
  return `${ROOT.href}tiles/${layer}/{z}/{x}/{y}.mvt?on=${edition.on}&release=${edition.release}`;
}

/** Grey diagonal stripes for zones whose code the legend does not know. */
function hatch(): { width: number; height: number; data: Uint8Array } {
  const size = 12;
  const data = new Uint8Array(size * size * 4);
  for (let pixel = 0; pixel < size * size; pixel += 1) {
    const striped = ((pixel % size) + Math.floor(pixel / size)) % size < 3;
    data.set(striped ? [105, 105, 105, 255] : [228, 228, 228, 255], pixel * 4);
  }
  return { width: size, height: size, data };
}

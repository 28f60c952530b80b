/** Drawing an area on the map, corner by corner, by touch, mouse or keyboard; or taking it from a GeoJSON file. */

import type { GeoJSONSource } from "maplibre-gl";
import { areaOfGeojson, fault, LARGEST_FILE, MOST_CORNERS, type Area, type Refused } from "./areas";
import type { LonLat } from "./coordinates";
import { el } from "./dom";
import { icon, type IconName } from "./icons";
import type { PlanningMap } from "./map";
import type { Reader } from "./reader";

/** Touching a corner this near again ends the drawing: so do a double tap, and Enter twice at one place. */
const SAME_PX = 12;

interface Surroundings {
  reader(): Reader;
  planning(): PlanningMap | null;
  /** The area is drawn: ask about it. */
  drawn(area: Area): void;
}

export class Outline {
  /** The bar over the map while somebody draws. */
  readonly bar = el("div", { class: "outline-bar", role: "group", hidden: true });
  private readonly told = el("p", { role: "status" });
  private readonly file = el("input", { type: "file", accept: ".geojson,.json,application/geo+json", hidden: true });
  private readonly undo = button("undo", () => this.takeBack());
  private readonly finish = button("applies", () => this.end());
  private readonly fromFile = button("file", () => this.file.click());
  private readonly cancel = button("close", () => this.stop());
  private corners: LonLat[] = [];

  constructor(private readonly around: Surroundings) {
    this.finish.classList.remove("quiet-button");
    this.bar.append(this.told, this.finish, this.undo, this.fromFile, this.cancel, this.file);
    this.file.addEventListener("change", () => void this.take(this.file.files?.[0]));
    document.addEventListener("keydown", (event) => this.key(event));
    this.dropHere();
  }

  get active(): boolean {
    return !this.bar.hidden;
  }

  start(): void {
    this.corners = [];
    this.bar.hidden = false;
    this.around.planning()?.map.doubleClickZoom.disable();
    this.show();
    this.around.planning()?.map.getCanvas().focus();
  }

  stop(): void {
    this.corners = [];
    this.bar.hidden = true;
    this.around.planning()?.map.doubleClickZoom.enable();
    this.draw();
  }

  /** A place was touched. */
  add(place: LonLat): void {
    const last = this.corners.at(-1);
    const first = this.corners[0];
    if (last && this.near(last, place)) return this.end();
    if (first && this.corners.length > 2 && this.near(first, place)) return this.end();
    if (this.corners.length + 1 >= MOST_CORNERS) return this.show(this.words.outline.tooManyCorners);
    this.corners.push(place);
    this.show();
  }

  /** A file that holds one polygon. */
  async take(file: File | undefined): Promise<void> {
    this.file.value = "";
    if (!file) return;
    if (file.size > LARGEST_FILE) return this.refuse("tooLong");
    const found = areaOfGeojson(await file.text());
    if (typeof found === "string") return this.refuse(found);
    this.stop();
    this.around.drawn(found);
  }

  /** Its words, in the language of the page. */
  translate(): void {
    const { outline } = this.words;
    this.bar.setAttribute("aria-label", outline.draw);
    label(this.finish, outline.finish);
    label(this.undo, outline.undo);
    label(this.fromFile, outline.file);
    label(this.cancel, outline.cancel);
    if (this.active) this.show();
  }

  private end(): void {
    const area = [this.corners];
    const wrong = fault(area);
    if (this.corners.length < 3) return this.show();
    if (wrong) return this.show(this.words.outline[wrong]);
    this.stop();
    this.around.drawn(area);
  }

  private refuse(why: Refused): void {
    this.bar.hidden = false;
    this.show(this.words.outline[why]);
  }

  private takeBack(): void {
    this.corners.pop();
    this.show();
  }

  private show(warning?: string): void {
    const { outline } = this.words;
    this.told.textContent = warning ?? outline.hint(this.corners.length);
    this.told.classList.toggle("warned", warning !== undefined);
    this.undo.disabled = this.corners.length === 0;
    this.finish.disabled = this.corners.length < 3;
    this.draw();
  }

  private draw(): void {
    const points = this.corners.map(({ lon, lat }) => [lon, lat]);
    const features: GeoJSON.Feature[] = points.map((coordinates) => feature({ type: "Point", coordinates }));
    if (points.length === 2) features.push(feature({ type: "LineString", coordinates: points }));
    if (points.length > 2) features.push(feature({ type: "Polygon", coordinates: [[...points, points[0]!]] }));
    this.around.planning()?.map.getSource<GeoJSONSource>("outline")?.setData({ type: "FeatureCollection", features });
  }

  private near(one: LonLat, other: LonLat): boolean {
    const map = this.around.planning()?.map;
    if (!map) return false;
    const [a, b] = [map.project([one.lon, one.lat]), map.project([other.lon, other.lat])];
    return Math.hypot(a.x - b.x, a.y - b.y) < SAME_PX;
  }

  /** Enter is the map's own: it sets a corner under the crosshair. */
  private key(event: KeyboardEvent): void {
    if (!this.active || event.target instanceof HTMLInputElement) return;
    if (event.key === "Escape") this.stop();
    if (event.key === "Backspace" || event.key === "Delete") this.takeBack();
  }

  /** A file may be dropped anywhere on the page; elsewhere the browser would open it instead. */
  private dropHere(): void {
    const isFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    document.addEventListener("dragover", (event) => isFile(event) && event.preventDefault());
    document.addEventListener("drop", (event) => {
      if (!isFile(event)) return;
      event.preventDefault();
      void this.take(event.dataTransfer?.files[0]);
    });
  }

  private get words(): Reader["words"] {
    return this.around.reader().words;
  }
}

function feature(geometry: GeoJSON.Geometry): GeoJSON.Feature {
  return { type: "Feature", geometry, properties: {} };
}

function button(name: IconName, onclick: () => void): HTMLButtonElement {
  return el("button", { type: "button", class: "button quiet-button", onclick }, icon(name), el("span", {}));
}

function label(one: HTMLElement, words: string): void {
  one.querySelector("span")!.textContent = words;
}

/** Before and after a merger, on the map: the former units' land in colours, and the new unit. */

import type { LineageEdge, LineageNode } from "./descent";
import type { Drawn } from "./documents";
import { el } from "./dom";
import type { Reader } from "./reader";

export type Side = "before" | "after";
export type PartFeature = GeoJSON.Feature<GeoJSON.Geometry, Record<string, unknown>>;

const FILLS = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999"];

export interface Land {
  name: string;
  fill: string;
  feature: PartFeature;
}

/** The land that each former unit gave to a unit: located parts, each with a name and a colour; unknown parts are told apart. */
export function landsOf(features: readonly Drawn<Partial<LineageNode & LineageEdge> & { role: string }>[], root: string): { lands: Land[]; unknown: number } {
  const parts = features.filter(({ properties }) => properties.role === "part" && properties.to === root);
  const drawn = parts.filter(({ geometry }) => geometry !== null);
  const lands = drawn.map(({ geometry, properties }, place): Land => {
    const fill = FILLS[place % FILLS.length] ?? "#999999";
    const name = String(properties.from_name ?? "");
    return { name, fill, feature: { type: "Feature", geometry, properties: { name, fill } } };
  });
  return { lands, unknown: parts.length - drawn.length };
}

/** A switch between the two sides, with a legend; it works by keyboard as radio buttons do. */
export function beforeAfter(lands: readonly Land[], unknown: number, show: (side: Side) => void, { words }: Reader): HTMLElement {
  const legend = el("ul", { class: "parts-legend" }, ...lands.map(({ name, fill }) => {
    const square = el("span", { class: "swatch", "aria-hidden": "true" });
    square.style.backgroundColor = fill;
    return el("li", { lang: "vi" }, square, name);
  }));
  const choice = (side: Side, text: string, checked: boolean): HTMLElement => el("label", {},
    el("input", { type: "radio", name: "before-after", value: side, checked, onchange: () => turn(side) }), text);
  const turn = (side: Side): void => {
    legend.hidden = side === "after";
    show(side);
  };
  return el("section", { class: "before-after" },
    el("h2", {}, words.beforeAfter),
    el("div", { class: "sides", role: "radiogroup", "aria-label": words.beforeAfter }, choice("before", words.before, true), choice("after", words.after, false)),
    legend,
    unknown > 0 && el("p", { class: "quiet" }, words.partsUnknown(unknown)),
  );
}

/** Where the report on coverage lies: to print, and to take away. */

import { ROOT, type Parameters } from "./api";
import { el } from "./dom";
import { icon } from "./icons";
import type { Reader } from "./reader";

const MOST_DRAWN = 5000;

/** The report of the province in its forms. */
export function reportLinks(level: string, asked: Parameters, { words }: Reader): HTMLElement {
  const drawn = { ...asked, level, format: "geojson", limit: MOST_DRAWN };
  return el("section", { class: "reports", "aria-label": words.reports },
    el("p", {}, icon("print"), printed(words.printReport, asked)),
    el("p", {}, `${words.download}: `,
      saved(words.tableCsv, "v1/coverage/report", { ...asked, format: "csv" }), " · ",
      saved("JSON", "v1/coverage/report", asked), " · ",
      saved(words.layersGpkg, "v1/coverage/report", { ...asked, format: "gpkg" }), " · ",
      saved(words.findingsGeojson, "v1/findings", drawn)));
}

/** The inventory of one commune: its plans, their extent and term, the places without one. */
export function inventoryLink(unitCode: string, name: string, asked: Parameters, { words }: Reader): HTMLElement {
  const link = printed(words.inventory, { ...asked, unit: unitCode });
  link.setAttribute("aria-label", words.inventoryOf(name));
  return link;
}

function printed(label: string, parameters: Parameters): HTMLElement {
  return el("a", { class: "link", href: address("coverage/report", parameters), target: "_blank", rel: "noopener" }, label);
}

function saved(label: string, path: string, parameters: Parameters): HTMLElement {
  return el("a", { class: "link", href: address(path, parameters), download: true }, label);
}

function address(path: string, parameters: Parameters): string {
  const found = new URL(path, ROOT);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined) found.searchParams.set(name, String(value));
  }
  return found.href;
}

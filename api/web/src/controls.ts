/** What the map shows: layers, level of plans, day; and what its colours mean. */

import { coverageLegend } from "./coverage";
import type { Scheme } from "./documents";
import { el, swatch } from "./dom";
import { today } from "./format";
import { legendRow } from "./colours";
import type { Reader } from "./reader";
import { LAYERS, readDay, type LayerName, type State } from "./state";

interface Surroundings {
  reader(): Reader;
  state(): State;
  level(): string;
  change(change: Partial<State>): void;
}

/** A function that the map shows now. */
export interface ShownFunction {
  scheme: Scheme;
  code: string;
}

export class Controls {
  private functions: readonly ShownFunction[] = [];
  private readonly legend = el("div", { class: "legend" });
  private readonly day = el("input", { type: "date", name: "on", min: "1900-01-01", max: "2200-12-31", required: true });
  private readonly reset = el("button", { type: "button", class: "button quiet-button" });

  constructor(
    private readonly card: HTMLElement,
    private readonly around: Surroundings,
  ) {
    this.day.addEventListener("change", () => {
      const chosen = readDay(this.day.value);
      if (chosen) around.change({ on: chosen === today() ? null : chosen });
    });
    this.reset.addEventListener("click", () => around.change({ on: null }));
  }

  /** Write everything anew, in another language. */
  render(): void {
    const { words } = this.around.reader();
    this.card.replaceChildren(
      this.dayChoice(),
      levelChoice(this.around.reader(), this.around.level(), (level) => this.around.change({ level })),
      el("fieldset", {}, el("legend", {}, words.layers), ...LAYERS.map((layer) => this.checkbox(layer))),
      this.legend,
    );
    this.sync();
  }

  /** Show the state as it is now, in the controls that are there: none loses the focus. */
  sync(): void {
    const { layers, on } = this.around.state();
    for (const box of this.card.querySelectorAll<HTMLInputElement>("input[type=checkbox]")) {
      box.checked = layers.includes(box.name as LayerName);
    }
    this.day.value = on ?? today();
    this.reset.disabled = on === null;
    const level = this.card.querySelector("select");
    if (level) level.value = this.around.level();
    this.renderLegend();
  }

  /** The functions in view changed. */
  explain(functions: readonly ShownFunction[]): void {
    this.functions = functions;
    this.renderLegend();
  }

  private checkbox(layer: LayerName): HTMLElement {
    const { words } = this.around.reader();
    const box = el("input", { type: "checkbox", name: layer });
    box.addEventListener("change", () => {
      const wanted = LAYERS.filter((one) => (one === layer ? box.checked : this.around.state().layers.includes(one)));
      this.around.change({ layers: wanted });
    });
    return el("label", {}, box, el("span", { class: `line line-${layer}`, "aria-hidden": "true" }), el("span", {}, words.layer[layer]));
  }

  private dayChoice(): HTMLElement {
    const { words } = this.around.reader();
    this.reset.textContent = words.backToToday;
    return el("div", { class: "day-choice" }, el("label", {}, el("span", {}, words.on), this.day), this.reset);
  }

  private renderLegend(): void {
    const reader = this.around.reader();
    const { mode, layers } = this.around.state();
    const rows = mode === "coverage" ? coverageLegend(reader) : this.functionRows(reader);
    this.legend.hidden = mode === "lookup" && !layers.includes("zones");
    this.legend.replaceChildren(el("h2", {}, reader.words.legend), rows);
  }

  private functionRows({ words, legend }: Reader): HTMLElement {
    const known = this.functions.flatMap(({ scheme, code }) => legendRow(legend, scheme, code) ?? []);
    const unknown = this.functions.filter(({ scheme, code }) => !legendRow(legend, scheme, code));
    if (this.functions.length === 0) return el("p", { class: "quiet" }, words.legendEmpty);
    const rows = [...new Set(known)].sort((one, other) => one.name.localeCompare(other.name, "vi"));
    return el("ul", { class: "legend-list" },
      ...rows.map((row) => el("li", {}, swatch(row.fill), el("span", { lang: "vi" }, row.name), el("span", { class: "quiet" }, row.code))),
      unknown.length > 0 && el("li", {}, swatch(null), words.legendUnknown, el("span", { class: "quiet" }, unknown.map(({ code }) => code).join(", "))));
  }
}

export function levelChoice({ legend, words, language }: Reader, level: string, choose: (level: string) => void): HTMLElement {
  const select = el("select", { name: "level" },
    ...legend.levels.map((one) => el("option", { value: one.level, selected: one.level === level }, one[language])));
  select.addEventListener("change", () => choose(select.value));
  return el("label", { class: "level-choice" }, el("span", {}, words.levelChoice), select);
}

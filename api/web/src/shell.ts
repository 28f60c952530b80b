/** The frame of the page: where everything stands. Its words are written by `translate`. */

import { el } from "./dom";
import type { Vocabulary } from "./i18n";
import { icon, type IconName } from "./icons";

export type MapButton = "zoomIn" | "zoomOut" | "wholeProvince" | "locate" | "outline";

const MAP_BUTTONS: Readonly<Record<MapButton, IconName>> = { zoomIn: "plus", zoomOut: "minus", wholeProvince: "extent", locate: "locate", outline: "outline" };

export interface Actions {
  switchLanguage(): void;
  lookup(): void;
  coverage(): void;
  close(): void;
  press(button: MapButton): void;
  openLayers(): void;
}

export class Shell {
  readonly banner = el("p", { class: "banner", role: "note", hidden: true });
  readonly edition = el("div", { class: "edition", hidden: true });
  readonly province = el("span", { class: "province", lang: "vi" });
  readonly body = el("div", { id: "answer", class: "panel-body", tabindex: -1, role: "tabpanel", "aria-labelledby": "tab-lookup" });
  readonly status = el("p", { class: "unseen", "aria-live": "polite", id: "status" });
  readonly grip = el("button", { type: "button", class: "grip" });
  readonly panel: HTMLElement;
  readonly canvas = el("div", { id: "map" });
  readonly card = el("div", { id: "layers-card", class: "layers-card" });
  readonly notice = el("div", { class: "notice", role: "status", hidden: true });
  private readonly skip = el("a", { class: "skip", href: "#answer" });
  private readonly title = el("span", {});
  private readonly language = el("button", { type: "button", class: "language" });
  private readonly tabs = { lookup: tab("lookup"), coverage: tab("coverage") };
  private readonly tabList = el("div", { role: "tablist" }, this.tabs.lookup, this.tabs.coverage);
  private readonly closer = el("button", { type: "button", class: "close icon-button", hidden: true }, icon("close"));
  private readonly opener = el("button", { type: "button", class: "layers-button", "aria-controls": "layers-card" });
  private readonly buttons: [MapButton, HTMLButtonElement][];

  constructor(root: HTMLElement, { search, outline }: { search: HTMLElement; outline: HTMLElement }, actions: Actions) {
    this.buttons = (Object.keys(MAP_BUTTONS) as MapButton[]).map((name) =>
      [name, el("button", { type: "button", class: "icon-button", "data-button": name, onclick: () => actions.press(name) }, icon(MAP_BUTTONS[name]))]);
    this.panel = el("aside", { class: "panel" }, this.grip, el("div", { class: "panel-head" }, this.tabList, this.closer), this.status, this.body);
    root.replaceChildren(
      this.skip,
      el("div", { class: "bars" }, this.banner, this.edition),
      el("header", { class: "top" },
        el("h1", {}, this.title, this.province), this.language, search),
      this.panel,
      el("main", { class: "map-area" }, this.canvas, el("div", { class: "crosshair", "aria-hidden": "true" }),
        el("div", { class: "map-tools" }, this.opener, this.card),
        el("div", { class: "map-buttons" }, ...this.buttons.map(([, button]) => button)),
        outline,
        this.notice),
    );
    this.wire(actions);
    this.openLayers(matchMedia("(min-width: 1440px)").matches);
  }

  translate(words: Vocabulary): void {
    document.title = [words.title, this.province.textContent].filter(Boolean).join(" – ");
    this.skip.textContent = words.skip;
    this.title.textContent = words.title;
    this.banner.textContent = words.banner;
    this.language.textContent = words.otherLanguage;
    this.language.lang = words.otherLanguage === "English" ? "en" : "vi";
    this.language.setAttribute("aria-label", `${words.language}: ${words.otherLanguage}`);
    this.panel.setAttribute("aria-label", words.lookup);
    this.tabList.setAttribute("aria-label", words.tabs);
    this.tabs.lookup.textContent = words.lookup;
    this.tabs.coverage.textContent = words.coverage;
    this.grip.setAttribute("aria-label", words.resize);
    label(this.closer, words.close);
    this.opener.replaceChildren(icon("layers"), el("span", {}, words.layersAndLegend));
    for (const [name, button] of this.buttons) label(button, name === "outline" ? words.outline.draw : words[name]);
  }

  mark(mode: "lookup" | "coverage", closable: boolean): void {
    for (const name of ["lookup", "coverage"] as const) {
      this.tabs[name].setAttribute("aria-selected", String(mode === name));
      this.tabs[name].tabIndex = mode === name ? 0 : -1;
    }
    this.body.setAttribute("aria-labelledby", `tab-${mode}`);
    this.closer.hidden = !closable;
  }

  openLayers(open: boolean): void {
    this.card.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
  }

  say(...content: (Node | string)[]): void {
    this.notice.replaceChildren(...content);
    this.notice.hidden = content.length === 0;
  }

  /** Which publication is shown, where it is not the latest. */
  showEdition(words: Vocabulary, shown: number | null, latest: number, showLatest: () => void): void {
    this.edition.hidden = shown === null || shown === latest;
    this.edition.replaceChildren(words.olderRelease(shown ?? latest, latest), " ",
      el("button", { type: "button", class: "link", onclick: showLatest }, words.showLatest));
  }

  /** Part of the map is missing. */
  complain(words: Vocabulary, retry: () => void): void {
    const again = (): void => {
      this.say();
      retry();
    };
    this.say(words.mapFailed, " ", el("button", { type: "button", class: "link", onclick: again }, words.retry));
  }

  private wire(actions: Actions): void {
    this.language.addEventListener("click", () => actions.switchLanguage());
    this.closer.addEventListener("click", () => actions.close());
    this.tabs.lookup.addEventListener("click", () => actions.lookup());
    this.tabs.coverage.addEventListener("click", () => actions.coverage());
    this.opener.addEventListener("click", () => {
      this.openLayers(this.card.hidden === true);
      actions.openLayers();
    });
    this.skip.addEventListener("click", (event) => {
      event.preventDefault();
      this.body.focus();
    });
    this.tabList.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = document.activeElement === this.tabs.lookup ? this.tabs.coverage : this.tabs.lookup;
      other.focus();
      other.click();
    });
    this.card.parentElement?.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.openLayers(false);
      this.opener.focus();
    });
  }
}

function tab(name: string): HTMLButtonElement {
  return el("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "answer" });
}

function label(button: HTMLElement, words: string): void {
  button.setAttribute("aria-label", words);
  button.title = words;
}

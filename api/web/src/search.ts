/** One box for communes, coordinates and parcels: a combobox as ARIA describes it. */

import { Asking, service, type Parameters } from "./api";
import { readLonLat, readParcelKey } from "./coordinates";
import type { UnitRow } from "./documents";
import { el } from "./dom";
import { failureBox } from "./failure";
import { day, dayBefore } from "./format";
import { icon, type IconName } from "./icons";
import type { Reader } from "./reader";
import type { Selection } from "./state";

const PAUSE_MS = 220;
const MOST = 20;

interface Surroundings {
  reader(): Reader;
  asked(): Parameters;
  choose(selection: Selection): void;
}

interface Option {
  icon: IconName;
  label: string;
  note: string;
  choose(): void;
}

export class Search {
  readonly element: HTMLElement;
  private readonly input = el("input", {
    id: "search", type: "search", role: "combobox", autocomplete: "off", spellcheck: "false", enterkeyhint: "search",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "search-options", maxlength: 100,
  });
  private readonly list = el("ul", { id: "search-options", role: "listbox" });
  private readonly message = el("div", { class: "search-message" });
  private readonly spoken = el("p", { class: "unseen", role: "status" });
  private readonly dropdown = el("div", { class: "dropdown", hidden: true }, this.list, this.message);
  private readonly asking = new Asking();
  private options: Option[] = [];
  private active = -1;
  private pause = 0;

  constructor(private readonly around: Surroundings) {
    this.element = el("form", { class: "search", role: "search" }, icon("search"), this.input, this.dropdown, this.spoken);
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.options.length > 0 && this.expand(true));
    this.element.addEventListener("submit", (event) => event.preventDefault());
    this.element.addEventListener("focusout", (event) => {
      if (!this.element.contains(event.relatedTarget as Node | null)) this.expand(false);
    });
    this.dropdown.addEventListener("pointerdown", (event) => event.preventDefault());
    this.translate();
  }

  translate(): void {
    const { words } = this.around.reader();
    this.input.setAttribute("aria-label", words.search);
    this.input.title = words.searchHint;
    this.input.placeholder = words.search;
    this.list.setAttribute("aria-label", words.search);
    if (!this.dropdown.hidden) this.typed();
  }

  private typed(): void {
    clearTimeout(this.pause);
    this.asking.giveUp();
    const text = this.input.value.trim();
    const direct = this.direct(text);
    if (direct) this.offer([direct]);
    else if (text.length < 2) this.offer([]);
    else this.pause = window.setTimeout(() => this.find(text), PAUSE_MS);
  }

  /** What the text says by itself, without asking. */
  private direct(text: string): Option | null {
    const { words } = this.around.reader();
    const place = readLonLat(text);
    if (place) {
      const label = words.goToPoint(String(place.lon), String(place.lat));
      return { icon: "pin", label, note: "", choose: () => this.around.choose({ kind: "point", ...place }) };
    }
    const key = readParcelKey(text);
    return key ? { icon: "parcel", label: words.goToParcel(key), note: "", choose: () => this.around.choose({ kind: "number", key }) } : null;
  }

  private find(text: string): void {
    const { words } = this.around.reader();
    this.say(words.searching);
    void this.asking.ask((signal) => service.units({ ...this.around.asked(), q: text, former: true, limit: MOST }, signal), {
      answer: ({ units }) => {
        this.offer(units.map((unit) => this.option(unit)));
        if (units.length === 0) this.say(words.foundNothing(text));
      },
      failure: (error) => {
        this.offer([]);
        this.message.replaceChildren(failureBox(error, words, () => this.find(text)));
        this.expand(true);
      },
    });
  }

  private option(unit: UnitRow): Option {
    const at = unit.in_force || !unit.valid_to ? null : dayBefore(unit.valid_to);
    return {
      icon: unit.in_force ? "commune" : "past",
      label: unit.name,
      note: this.note(unit),
      choose: () => this.around.choose({ kind: "unit", code: unit.code, at }),
    };
  }

  private note(unit: UnitRow): string {
    const { words, language } = this.around.reader();
    const district = unit.district && `${words.formerDistrict}: ${unit.district}`;
    if (unit.in_force || !unit.valid_to) return district || "";
    const now = unit.successors.map((one) => one.name).join(", ");
    const after = now ? words.nowIs(now) : words.endedOn(day(unit.valid_to, language));
    return [words.former, district, after].filter(Boolean).join(" · ");
  }

  private offer(options: Option[]): void {
    this.options = options;
    this.message.replaceChildren();
    this.list.replaceChildren(...options.map((option, index) => el("li",
      { id: `search-option-${index}`, role: "option", "aria-selected": "false", onclick: () => this.choose(index) },
      icon(option.icon),
      el("span", {}, el("span", { class: "option-name", lang: "vi" }, option.label), option.note && el("span", { class: "option-note" }, option.note)))));
    this.activate(-1);
    this.spoken.textContent = options.length > 0 ? this.around.reader().words.found(options.length) : "";
    this.expand(options.length > 0);
  }

  private say(text: string): void {
    this.message.replaceChildren(el("p", {}, text));
    this.spoken.textContent = text;
    this.expand(true);
  }

  private expand(open: boolean): void {
    this.dropdown.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open && this.options.length > 0));
    if (!open) this.activate(-1);
  }

  private activate(index: number): void {
    this.active = index;
    for (const [place, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(place === index));
      if (place === index) option.scrollIntoView({ block: "nearest" });
    }
    if (index >= 0) this.input.setAttribute("aria-activedescendant", `search-option-${index}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  private choose(index: number): void {
    const option = this.options[index];
    if (!option) return;
    this.expand(false);
    this.input.value = option.icon === "pin" || option.icon === "parcel" ? this.input.value : option.label;
    this.input.blur();
    option.choose();
  }

  private key(event: KeyboardEvent): void {
    const count = this.options.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && count > 0) {
      event.preventDefault();
      this.expand(true);
      this.activate(this.active < 0 && step < 0 ? count - 1 : (this.active + step + count) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.choose(Math.max(this.active, 0));
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (this.dropdown.hidden) this.input.value = "";
      this.asking.giveUp();
      clearTimeout(this.pause);
      this.expand(false);
    }
  }
}

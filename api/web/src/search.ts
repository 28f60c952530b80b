/** One box for every way to ask: a combobox as ARIA describes it. What can be read in several ways is asked, never picked. */

import { Asking, service, type Parameters } from "./api";
import { readLonLat, readParcelKey } from "./coordinates";
import { el } from "./dom";
import { failureBox } from "./failure";
import { icon, type IconName } from "./icons";
import { type Choice, ICON_OF, onOneLine, selectionOf } from "./meant";
import type { Reader } from "./reader";
import type { Selection } from "./state";

const PAUSE_MS = 220;
const MOST = 20;
/** Letters of a question: what the service reads. */
const LONGEST = 16_000;

interface Surroundings {
  reader(): Reader;
  asked(): Parameters;
  choose(selection: Selection): void;
  /** Show where a choice lies, before it is chosen; null: as it was. */
  preview(choice: Choice | null): void;
  /** Go to a place that has a name and no limits: what is asked about is then touched on the map. */
  travel(choice: Choice): void;
}

interface Option {
  icon: IconName;
  label: string;
  note: string;
  /** What the service offered; null of what the page reads by itself. */
  choice: Choice | null;
  choose(): void;
}

export class Search {
  readonly element: HTMLElement;
  private readonly input = el("input", {
    id: "search", type: "search", role: "combobox", autocomplete: "off", spellcheck: "false", enterkeyhint: "search",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "search-options", maxlength: LONGEST,
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
    this.input.addEventListener("paste", (event) => this.pasted(event));
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
      return { icon: "pin", label, note: "", choice: null, choose: () => this.around.choose({ kind: "point", ...place }) };
    }
    const key = readParcelKey(text);
    return key ? { icon: "parcel", label: words.goToParcel(key), note: "", choice: null, choose: () => this.around.choose({ kind: "number", key }) } : null;
  }

  private find(text: string): void {
    const { words } = this.around.reader();
    this.say(words.searching);
    void this.asking.ask((signal) => service.search({ ...this.around.asked(), q: text, limit: MOST }, signal), {
      answer: ({ choices, why }) => {
        this.offer(choices.map((choice) => this.option(choice)));
        if (choices.length === 0) this.say(why?.[this.around.reader().language] ?? words.foundNothing(text));
      },
      failure: (error) => {
        this.offer([]);
        this.message.replaceChildren(failureBox(error, words, () => this.find(text)));
        this.expand(true);
      },
    });
  }

  private option(choice: Choice): Option {
    const { language } = this.around.reader();
    const selection = selectionOf(choice);
    return {
      icon: ICON_OF[choice.kind],
      label: choice.label[language],
      note: choice.note?.[language] ?? "",
      choice,
      choose: () => (selection ? this.around.choose(selection) : this.around.travel(choice)),
    };
  }

  /** A table loses its lines in a box of one line: they are kept as semicolons. */
  private pasted(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!/\n/.test(text.trim())) return;
    event.preventDefault();
    const { selectionStart, selectionEnd, value } = this.input;
    this.input.setRangeText(onOneLine(text).slice(0, LONGEST - value.length), selectionStart ?? value.length, selectionEnd ?? value.length, "end");
    this.typed();
  }

  private offer(options: Option[]): void {
    this.options = options;
    this.message.replaceChildren();
    this.list.replaceChildren(...options.map((option, index) => el("li",
      { id: `search-option-${index}`, role: "option", "aria-selected": "false", onclick: () => this.choose(index) },
      icon(option.icon),
      el("span", {}, el("span", { class: "option-name", lang: "vi" }, option.label), option.note && el("span", { class: "option-note" }, option.note)))));
    this.activate(-1);
    const outlined = options.find(({ choice }) => choice?.kind === "area");
    this.around.preview(outlined?.choice ?? null);
    if (options.length > 1 && options.every(({ choice }) => choice?.kind === "area" || choice?.kind === "point")) this.ask();
    this.spoken.textContent = options.length > 0 ? this.around.reader().words.found(options.length) : "";
    this.expand(options.length > 0);
  }

  /** Several readings of coordinates: say that one is to be chosen. */
  private ask(): void {
    this.message.replaceChildren(el("p", {}, this.around.reader().words.whichReading));
  }

  private say(text: string): void {
    this.message.replaceChildren(el("p", {}, text));
    this.spoken.textContent = text;
    this.expand(true);
  }

  private expand(open: boolean): void {
    this.dropdown.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open && this.options.length > 0));
    if (open) return;
    this.activate(-1);
    this.around.preview(null);
  }

  private activate(index: number): void {
    this.active = index;
    for (const [place, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(place === index));
      if (place === index) option.scrollIntoView({ block: "nearest" });
    }
    const choice = this.options[index]?.choice;
    if (choice?.kind === "area") this.around.preview(choice);
    if (index >= 0) this.input.setAttribute("aria-activedescendant", `search-option-${index}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  private choose(index: number): void {
    const option = this.options[index];
    if (!option) return;
    clearTimeout(this.pause);
    this.asking.giveUp();
    this.expand(false);
    this.input.value = ["unit", "former_unit", "locality"].includes(option.choice?.kind ?? "") ? option.label : this.input.value;
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
      if (this.active < 0 && count > 1) this.activate(0); // several: the first is shown, not taken
      else this.choose(Math.max(this.active, 0));
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (this.dropdown.hidden) this.input.value = "";
      this.asking.giveUp();
      clearTimeout(this.pause);
      this.expand(false);
    }
  }
}

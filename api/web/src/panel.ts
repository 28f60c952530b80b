/** The panel beside the map: asks about what is selected and shows the answer. */

import { Asking, service, type Parameters } from "./api";
import { asWkt } from "./areas";
import { answerPage, spoken } from "./answer";
import { landsOf, type PartFeature } from "./beforeafter";
import { choicesPage } from "./choices";
import type { ParcelChoices } from "./descent";
import type { Answer } from "./answers";
import { el } from "./dom";
import { failureBox } from "./failure";
import { icon } from "./icons";
import type { Reader } from "./reader";
import { sheetAddress, shareRow } from "./share";
import type { Selection } from "./state";
import { type UnitFound, unitPage } from "./unit";

export type Found =
  | { kind: "answer"; answer: Answer; shape: GeoJSON.Geometry | null }
  | { kind: "choices"; choices: ParcelChoices }
  | ({ kind: "unit" } & UnitFound);

interface Surroundings {
  body: HTMLElement;
  status: HTMLElement;
  reader(): Reader;
  /** Day, publication and language of every question. */
  asked(): Parameters;
  heard(found: Found | null): void;
  /** Draw the land that former units gave; nothing of it after. */
  drawParts(parts: readonly PartFeature[]): void;
  /** The address of this very answer. */
  permalink(): string | null;
}

export class AnswerPanel {
  private readonly asking = new Asking();
  private shown: (() => void) | null = null;

  constructor(private readonly around: Surroundings) {}

  /** Ask about the selection; without one, `otherwise` is what the panel shows. */
  show(selection: Selection | null, otherwise: () => HTMLElement[]): void {
    if (!selection) {
      this.leave();
      this.around.status.textContent = "";
      this.render(() => this.around.body.replaceChildren(...otherwise()));
      return;
    }
    this.loading();
    void this.asking.ask((signal) => find(selection, this.around.asked(), signal), {
      answer: (found) => this.answered(found),
      failure: (error) => {
        this.around.heard(null);
        this.fail(error, () => this.show(selection, otherwise));
      },
    });
  }

  /** The same again, after a change of language. */
  rerender(): void {
    this.shown?.();
  }

  /** Another view takes the place of the answer. */
  leave(): void {
    this.asking.giveUp();
    this.around.heard(null);
  }

  private answered(found: Found): void {
    this.around.heard(found);
    const reader = this.around.reader();
    this.around.status.textContent = told(found, reader);
    this.render(() => {
      const now = this.around.reader();
      this.around.body.replaceChildren(...this.page(found, now), shareRow(() => this.around.permalink(), now.words, found.kind === "answer" ? sheetAddress(found.answer.verify, now.language) : null));
    });
    this.around.body.scrollTop = 0;
  }

  private page(found: Found, reader: Reader): HTMLElement[] {
    if (found.kind === "unit") return unitPage(found, reader, (parts) => this.around.drawParts(parts));
    return found.kind === "choices" ? choicesPage(found.choices, reader) : answerPage(found.answer, reader);
  }

  private render(how: () => void): void {
    this.shown = how;
    this.around.body.removeAttribute("aria-busy");
    how();
  }

  private loading(): void {
    const { words } = this.around.reader();
    this.around.body.setAttribute("aria-busy", "true");
    this.around.status.textContent = words.loading;
    this.around.body.replaceChildren(loadingBox(this.around.reader()));
  }

  private fail(error: unknown, retry: () => void): void {
    this.shown = retry; // its sentence is in the language of the question
    this.around.status.textContent = "";
    this.around.body.removeAttribute("aria-busy");
    this.around.body.replaceChildren(failureBox(error, this.around.reader().words, retry));
  }
}

async function find(selection: Selection, asked: Parameters, signal: AbortSignal): Promise<Found> {
  switch (selection.kind) {
    case "point": {
      const answer = await service.lookup({ ...asked, lon: selection.lon, lat: selection.lat }, signal);
      return { kind: "answer", answer, shape: null };
    }
    case "parcel": {
      const answer = await service.parcel(selection.key, asked, signal);
      return { kind: "answer", answer, shape: answer.subject.geometry };
    }
    case "number": {
      const found = await service.parcelByNumber(selection.key, asked, signal);
      return "choices" in found ? { kind: "choices", choices: found } : { kind: "answer", answer: found, shape: found.subject.geometry };
    }
    case "area": {
      const answer = await service.area(asWkt(selection.area), asked, signal);
      return { kind: "answer", answer, shape: answer.subject.geometry };
    }
    case "unit":
      return { kind: "unit", ...(await findUnit(selection.code, { ...asked, ...(selection.at ? { on: selection.at } : {}) }, signal)) };
  }
}

async function findUnit(code: string, asked: Parameters, signal: AbortSignal): Promise<UnitFound> {
  const { properties: answer, geometry: shape } = await service.unit(code, asked, signal);
  const [lineage, shapes, { mergers }] = await Promise.all([
    service.lineage(answer.unit.code, asked, signal), service.lineageShapes(answer.unit.code, asked, signal), service.mergers({ ...asked, on: null }, signal),
  ]);
  const root = `${answer.unit.code}@${answer.unit.valid_from}`;
  const reports = new Set(mergers.filter((one) => one.has_report).map((one) => one.resolution));
  return { answer, shape, lineage, ...landsOf(shapes.features, root), reports };
}

function told(found: Found, reader: Reader): string {
  if (found.kind === "unit") return found.answer.unit.name;
  return found.kind === "choices" ? reader.words.whichParcel : spoken(found.answer, reader);
}

/** What a person reads before the first question. */
export function welcome({ words }: Reader, example: (() => void) | null, draw: () => void): HTMLElement[] {
  return [
    el("div", { class: "welcome" },
      el("h2", {}, icon("pin"), words.welcome),
      el("p", {}, words.welcomeText),
      example && el("button", { type: "button", class: "button", onclick: example }, words.example),
      el("button", { type: "button", class: "button quiet-button draw", onclick: draw }, icon("outline"), words.outline.draw),
      el("p", { class: "quiet keys" }, words.welcomeKeys),
    ),
  ];
}

export function noRelease({ words }: Reader): HTMLElement[] {
  return [el("div", { class: "welcome" }, el("h2", {}, icon("info"), words.noRelease), el("p", {}, words.noReleaseText))];
}

export function loadingBox({ words }: Reader): HTMLElement {
  return el("div", { class: "loading" }, el("span", { class: "spinner", "aria-hidden": "true" }), words.loading);
}

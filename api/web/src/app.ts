/** The page, wired: what changes in the state is asked, drawn and said here. */

import { areaText, boundsOf } from "./areas";
import { Asking, service, type Parameters } from "./api";
import { Controls, levelChoice } from "./controls";
import type { LonLat } from "./coordinates";
import { CoveragePanel } from "./coverage";
import type { Health, LegendDocument, UnitRow } from "./documents";
import { failureBox } from "./failure";
import { today } from "./format";
import { WORDS } from "./i18n";
import { locate } from "./locate";
import { Outline } from "./outline";
import type { Edition, PlanningMap } from "./map";
import { boundsOfShape, type Choice } from "./meant";
import { AnswerPanel, loadingBox, noRelease, welcome, type Found } from "./panel";
import { findingPopup, ratioPopup, type DrawnFinding } from "./popups";
import type { Reader } from "./reader";
import { Search } from "./search";
import { Sheet } from "./sheet";
import { Shell, type MapButton } from "./shell";
import { sameLayers, sameSelection, toHash, type Selection, type State, type View } from "./state";
import { Store } from "./store";
import { functionsInView, listenTo } from "./touch";

/** The map's code comes apart from the page's: the page is there before it. */
type Drawing = typeof import("./map");

const CLOSENESS = { point: 15, parcel: 17.5, area: 15 };
const ALL_UNITS = 1000;

export class App {
  private readonly store = new Store();
  private readonly shell: Shell;
  private readonly sheet: Sheet;
  private readonly search: Search;
  private readonly outline: Outline;
  private readonly panel: AnswerPanel;
  private readonly coverage: CoveragePanel;
  private readonly controls: Controls;
  private readonly beginning = new Asking();
  private readonly naming = new Asking();
  private health: Health | null = null;
  private legend: LegendDocument = { land_use: [], planning: [], levels: [] };
  private planning: PlanningMap | null = null;
  private units: readonly UnitRow[] = [];
  /** The shape of what is answered. */
  private shape: GeoJSON.Geometry | null = null;
  /** Whether the next answer may move the map: not when the address said where to look. */
  private travelling = false;

  constructor(root: HTMLElement) {
    const reader = (): Reader => this.reader;
    const asked = (): Parameters => this.asked;
    this.search = new Search({ reader, asked, choose: (selection) => this.select(selection), preview: (choice) => this.preview(choice), travel: (choice) => this.travel(choice) });
    this.outline = new Outline({ reader, planning: () => this.planning, drawn: (area) => this.select({ kind: "area", area }) });
    this.shell = new Shell(root, { search: this.search.element, outline: this.outline.bar }, {
      switchLanguage: () => this.store.set({ lang: this.state.lang === "vi" ? "en" : "vi" }),
      lookup: () => this.store.set({ mode: "lookup" }),
      coverage: () => this.openCoverage(),
      close: () => this.store.set({ selection: null }),
      press: (button) => this.press(button),
      openLayers: () => this.explain(),
    });
    const { body, status, card, panel, grip } = this.shell;
    this.sheet = new Sheet(panel, grip);
    this.panel = new AnswerPanel({ body, status, reader, asked, heard: (found) => this.heard(found), drawParts: (parts) => this.planning?.drawParts(parts), permalink: () => this.permalink() });
    this.coverage = new CoveragePanel({
      body, status, reader, asked,
      heard: (rows) => this.planning?.drawRatios(rows, this.state.lang),
      levelChoice: () => levelChoice(this.reader, this.level, (level) => this.store.set({ level })),
      showUnit: (code) => this.showUnit(code),
      showFinding: (finding) => {
        this.planning?.fit(finding.bbox, this.sheet.hidden);
        void this.openFinding(finding, finding);
      },
    });
    this.controls = new Controls(card, { reader, state: () => this.state, level: () => this.level, change: (change) => this.store.set(change) });
    this.store.listen((now, before) => this.react(now, before));
  }

  /** Ask what the service has, then show what the address wants. */
  begin(): void {
    this.translate();
    this.shell.body.replaceChildren(loadingBox(this.reader));
    void this.beginning.ask((signal) => Promise.all([
      service.health({ on: this.edition.on, lang: this.state.lang }, signal), service.legend(signal), import("./map"),
    ]), {
      answer: ([health, legend, drawing]) => void this.began(health, legend, drawing),
      failure: (error) => this.shell.body.replaceChildren(failureBox(error, this.reader.words, () => this.begin())),
    });
  }

  private async began(health: Health, legend: LegendDocument, drawing: Drawing): Promise<void> {
    this.health = health;
    this.legend = legend;
    this.shell.banner.hidden = !health.release?.illustration;
    if (!health.release) {
      this.shell.body.replaceChildren(...noRelease(this.reader));
      return;
    }
    await this.openMap(health, drawing);
    this.controls.render();
    this.travelling = this.state.view === null;
    this.react(this.state, null);
  }

  private async openMap({ bounds }: Health, drawing: Drawing): Promise<void> {
    try {
      const { canvas } = this.shell;
      const title = this.reader.words.mapTitle;
      this.planning = new drawing.PlanningMap({ container: canvas, legend: this.legend, edition: this.edition, view: this.state.view, bounds, title, hidden: this.sheet.hidden });
      await this.planning.ready;
      listenTo(this.planning, {
        mode: () => this.state.mode,
        point: (place) => (this.outline.active ? this.outline.add(place) : this.store.set({ selection: { kind: "point", ...place } })),
        finding: (finding, place) => void this.openFinding(finding, place),
        commune: (code, name, place) => this.openRatio(code, name, place),
        moved: (view) => this.store.set({ view }),
        drawn: () => this.explain(),
        failed: () => this.complain(() => this.planning?.reload()),
      });
    } catch (error) {
      console.error(error);
      this.planning = null;
      this.shell.say(this.reader.words.noWebgl);
    }
    window.quyhoach = { map: this.planning?.map ?? null };
  }

  private react(now: State, before: State | null): void {
    const changed = (...names: (keyof State)[]): boolean => !before || names.some((name) => now[name] !== before[name]);
    if (!this.health?.release) return this.begin(); // in the language now wanted
    if (before && changed("lang")) this.translate();
    const layers = !before || !sameLayers(now.layers, before.layers);
    const selection = !before || !sameSelection(now.selection, before.selection);
    if (before && changed("on", "release")) this.planning?.turnTo(this.edition);
    if (changed("on", "release")) this.nameUnits();
    if (layers || changed("level", "mode")) this.planning?.draw(now, this.level);
    if (layers || changed("level", "mode", "on")) this.controls.sync();
    if (selection || changed("on", "release", "mode") || (now.mode === "coverage" && changed("level"))) this.ask(now);
    if (changed("view")) this.follow(now.view);
  }

  /** Communes have other names on other days. */
  private nameUnits(): void {
    this.showEdition();
    void this.naming.ask((signal) => service.units({ ...this.asked, former: true, limit: ALL_UNITS }, signal), {
      answer: ({ units }) => {
        this.units = units.filter((unit) => unit.level === "commune");
        this.planning?.nameUnits(this.units);
        this.shell.province.textContent = units.find((unit) => unit.level === "province" && unit.in_force)?.name ?? "";
        this.shell.translate(this.reader.words);
      },
      failure: () => this.complain(() => this.nameUnits()),
    });
  }

  private ask({ selection, mode }: State): void {
    this.shell.mark(mode, mode === "lookup" && selection !== null);
    this.planning?.closePopup();
    if (mode === "coverage") {
      this.panel.leave();
      this.outline.stop();
      this.planning?.pin(null);
      this.coverage.show(this.level, this.edition.on);
      this.uncover();
      return;
    }
    this.coverage.leave();
    this.planning?.drawRatios([], this.state.lang);
    this.planning?.pin(selection?.kind === "point" ? selection : null);
    const example = this.health?.example;
    this.panel.show(selection, () => welcome(this.reader, example ? () => this.select({ kind: "point", ...example }) : null, () => this.startOutline()));
    if (selection) this.uncover();
    else this.sheet.set("peek");
  }

  private explain(): void {
    if (this.planning && !this.shell.card.hidden) this.controls.explain(functionsInView(this.planning));
  }

  /** On a phone an answer and the list of layers have no room side by side. */
  private uncover(): void {
    this.sheet.raise();
    if (this.sheet.hidden.bottom > 0) this.shell.openLayers(false);
  }

  private heard(found: Found | null): void {
    const answer = found?.kind === "answer" ? found.answer : null;
    if (found?.kind !== "unit") this.planning?.drawParts([]);
    this.shape = found && "shape" in found ? found.shape : null;
    this.planning?.mark(answer, this.shape);
    const travelling = this.travelling;
    this.travelling = false;
    if (found?.kind === "unit" && travelling && found.answer.unit.bbox) this.planning?.fit(found.answer.unit.bbox, this.sheet.hidden);
    if (!answer) return;
    const { selection } = this.state;
    if (selection?.kind === "area" && travelling) return this.planning?.fit(boundsOf(selection.area), this.sheet.hidden);
    this.planning?.reveal(answer.subject, this.sheet.hidden, travelling ? CLOSENESS[answer.subject.kind] : undefined);
  }

  private select(selection: Selection): void {
    this.travelling = true;
    if (sameSelection(selection, this.state.selection) && this.state.mode === "lookup") this.ask(this.state);
    else this.store.set({ selection, mode: "lookup" });
  }

  private preview(choice: Choice | null): void {
    this.planning?.outline(choice?.geometry ?? this.shape);
    const bounds = choice?.geometry && boundsOfShape(choice.geometry);
    if (bounds) this.planning?.fit(bounds, this.sheet.hidden);
  }

  /** A name is no place to be answered: the map goes there, and the person touches what is meant. */
  private travel(choice: Choice): void {
    const { lon, lat, geometry } = choice;
    if (lon === null || lat === null) return;
    if (!this.planning) {
      this.select({ kind: "point", lon, lat });
      return;
    }
    this.store.set({ selection: null, mode: "lookup" });
    this.shape = geometry;
    this.planning.outline(geometry);
    const bounds = geometry && boundsOfShape(geometry);
    if (bounds && bounds[0] !== bounds[2]) this.planning.fit(bounds, this.sheet.hidden);
    else this.planning.reveal({ lon, lat }, this.sheet.hidden, CLOSENESS.point);
    this.shell.say(this.reader.words.touchNear(choice.label[this.state.lang]));
  }

  /** On a phone the whole province is brought above the sheet. */
  private openCoverage(): void {
    this.store.set({ mode: "coverage" });
    if (this.sheet.hidden.bottom > 0 && this.health?.bounds) this.planning?.fit(this.health.bounds, this.sheet.hidden);
  }

  private async openFinding(drawn: DrawnFinding, place: LonLat): Promise<void> {
    const title = await this.coverage.title(drawn.check);
    if (this.state.mode !== "coverage") return;
    const listed = this.coverage.finding(drawn.id);
    const known = { title, involved: listed ? this.coverage.involved(listed) : null, listed };
    this.planning?.open(place, findingPopup(drawn, known, this.reader, () => this.select({ kind: "point", lon: place.lon, lat: place.lat })));
  }

  private openRatio(code: string, name: string, place: LonLat): void {
    const row = this.coverage.row(code);
    if (row) this.planning?.open(place, ratioPopup(name, row, this.reader, { lookup: () => this.select({ kind: "point", ...place }), inventory: this.coverage.inventory(row) }));
  }

  private showUnit(code: string): void {
    const unit = this.units.find((one) => one.code === code && one.in_force);
    if (unit?.bbox) this.planning?.fit(unit.bbox, this.sheet.hidden);
  }

  /** The address may tell the map where to look, after “back”. */
  private follow(view: View | null): void {
    if (view && this.planning && !this.planning.looksAt(view)) this.planning.map.jumpTo({ center: [view.lon, view.lat], zoom: view.zoom });
  }

  /** The map must be seen to draw on it; without a map there is still the file. */
  private startOutline(): void {
    this.store.set({ mode: "lookup" });
    this.sheet.set("peek");
    this.outline.start();
  }

  private press(button: MapButton): void {
    const { words } = this.reader;
    if (button === "zoomIn") this.planning?.map.zoomIn();
    if (button === "zoomOut") this.planning?.map.zoomOut();
    if (button === "wholeProvince" && this.health?.bounds) this.planning?.fit(this.health.bounds, this.sheet.hidden);
    if (button === "outline") this.startOutline();
    if (button === "locate") locate(this.shell, words, (place) => this.select({ kind: "point", ...place }));
  }

  private translate(): void {
    const { words } = this.reader;
    document.documentElement.lang = this.state.lang;
    this.shell.translate(words);
    this.search.translate();
    this.outline.translate();
    this.controls.render();
    this.planning?.rename(words.mapTitle);
    if (!this.health?.release) return;
    this.showEdition();
    if (this.state.mode === "coverage") this.coverage.rerender();
    else this.panel.rerender();
  }

  private showEdition(): void {
    this.shell.showEdition(this.reader.words, this.state.release, this.health?.release?.number ?? 0, () => this.store.set({ release: null }));
  }

  private complain(retry: () => void): void {
    this.shell.complain(this.reader.words, retry);
  }

  /** The same answer whenever it is opened: its day and publication are part of the address. */
  private permalink(): string | null {
    const { selection } = this.state;
    const tooLong = selection?.kind === "area" && areaText(selection.area) === null;
    return tooLong ? null : new URL(toHash({ ...this.state, ...this.edition }), location.href).href;
  }

  private get state(): State {
    return this.store.state;
  }

  private get reader(): Reader {
    const language = this.state.lang;
    return { language, words: WORDS[language], legend: this.legend, select: (selection) => this.select(selection) };
  }

  private get edition(): Edition {
    return { on: this.state.on ?? today(), release: this.state.release ?? this.health?.release?.number ?? 1 };
  }

  private get asked(): Parameters {
    return { ...this.edition, lang: this.state.lang };
  }

  private get level(): string {
    const levels = this.legend.levels.map((one) => one.level);
    return [this.state.level, "general", levels[0]].find((level) => level && levels.includes(level)) ?? "general";
  }
}

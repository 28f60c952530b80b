/** Themes by their state, what applies first. The four states differ in icon, words and shape, never in colour alone. */

import type { Answer, Decision, LineRef, Restriction, ThemeAnswer } from "./answers";
import type { State } from "./documents";
import { el } from "./dom";
import { vietnamese } from "./facts";
import { day } from "./format";
import { icon } from "./icons";
import { lineName, lineWhere } from "./lines";
import { planBlock, shareText } from "./plans";
import type { Reader } from "./reader";

export const STATES: readonly State[] = ["applies", "not_carried_over", "none", "no_data"];

/** What a card of a theme needs of the answer around it. */
type Around = Pick<Answer, "lines" | "checks">;

/** What applies, and what awaits a decision, a card each; themes of which nothing applies, and those without data, two short lists. */
export function themeCards(answer: Answer, reader: Reader): HTMLElement[] {
  const of = (state: State): ThemeAnswer[] => answer.themes.filter((theme) => theme.state === state);
  return [
    ...[...of("applies"), ...of("not_carried_over")].map((theme) => themeCard(theme, answer, reader)),
    ...(["none", "no_data"] as const).map((state) => themeList(state, of(state), reader)).filter((list) => list !== null),
  ];
}

function themeCard(theme: ThemeAnswer, around: Around, reader: Reader): HTMLElement {
  const { words, language } = reader;
  const lines = around.lines.filter((line) => theme.lines.includes(line.id));
  return el("article", { class: `theme theme-${theme.state}`, "data-theme": theme.theme, "data-state": theme.state },
    el("header", {},
      el("h3", {}, theme.name[language]),
      el("span", { class: "state" }, icon(theme.state), words.state[theme.state]),
    ),
    words.stateText[theme.state] && el("p", { class: "state-text" }, words.stateText[theme.state]),
    theme.conflict && conflictBox(theme, around.checks.decisions, reader),
    lines.length > 0 && lineNames(lines, reader),
    ...byPlan([...theme.restrictions, ...theme.amended]).map((restrictions) => planBlock(restrictions, theme.state, reader)),
    theme.noise.length > 0 && noise(theme.noise, reader),
    basis(theme, reader),
  );
}

/** Themes of one state that has nothing to show: each still by its name, with who says so. */
function themeList(state: State, themes: ThemeAnswer[], reader: Reader): HTMLElement | null {
  if (themes.length === 0) return null;
  const { words, language } = reader;
  return el("section", { class: `theme theme-group theme-${state}` },
    el("header", {}, el("h3", { class: "state" }, icon(state), words.summary(words.state[state], themes.length))),
    el("p", { class: "state-text" }, words.stateText[state]),
    el("ul", {}, ...themes.map((theme) => el("li", { "data-theme": theme.theme, "data-state": theme.state },
      el("strong", {}, theme.name[language]),
      theme.on_whose_word && el("span", { class: "word" }, ` – ${words.onTheWordOf(theme.on_whose_word)}`),
      theme.noise.length > 0 && noise(theme.noise, reader)))));
}

/** Which plans lie on each other, and what was decided of each pair. */
function conflictBox(theme: ThemeAnswer, decisions: Decision[], reader: Reader): HTMLElement {
  const { words } = reader;
  return el("div", { class: "conflict" }, icon("warning"),
    el("div", {},
      el("p", {}, el("strong", {}, words.conflict), " – ", words.conflictText),
      el("ul", {}, ...theme.conflicts.map(({ plans }) => el("li", { "data-plans": plans.join(" ") },
        el("span", { class: "pair", lang: "vi" }, plans.map((code) => planTitle(theme, code)).join(" ↔ ")),
        decided(decisions.find((one) => samePlans(one.plans, plans)), reader))))));
}

function decided(decision: Decision | undefined, { words, language }: Reader): HTMLElement {
  if (!decision) return el("p", { class: "undecided" }, words.undecided);
  return el("p", { class: "decided" }, el("strong", {}, `${words.decided}: `), vietnamese(decision.by), ": ", vietnamese(decision.why),
    " – ", decision.until ? words.acceptedUntil(day(decision.until, language)) : words.acceptedForEver);
}

function planTitle(theme: ThemeAnswer, code: string): string {
  const found = [...theme.restrictions, ...theme.amended, ...theme.noise].find(({ plan }) => plan.code === code);
  return found ? `${found.plan.name} (${code})` : code;
}

function samePlans(one: readonly string[], other: readonly string[]): boolean {
  return [...one].sort().join("\n") === [...other].sort().join("\n");
}

function lineNames(lines: LineRef[], reader: Reader): HTMLElement {
  return el("ul", { class: "line-names" }, ...lines.map((line) =>
    el("li", {}, icon("line"), el("span", {}, ...lineName(line, reader), ": ", lineWhere(line, reader)))));
}

function noise(restrictions: Restriction[], reader: Reader): HTMLElement {
  return el("details", { class: "noise" },
    el("summary", {}, reader.words.noise(restrictions.length)),
    el("p", {}, reader.words.noiseText),
    el("ul", {}, ...restrictions.map(({ plan, zone, amended_by: by, ...share }) =>
      el("li", {}, vietnamese(zone?.function_name ?? plan.name), " ", zone?.lot_symbol ?? "", " ", shareText(share, reader) ?? "",
        by ? ` – ${reader.words.amendedBy} ${by.map(({ code }) => code).join(", ")}` : ""))),
  );
}

function basis(theme: ThemeAnswer, { words, language }: Reader): HTMLElement | null {
  if (theme.basis.length === 0) return null;
  return el("p", { class: "basis" }, `${words.legalBasis}: ${theme.basis.map((one) => one[language]).join("; ")}`);
}

/** What each plan says together, in the order of the answer: what applies, then what was amended. */
function byPlan(restrictions: Restriction[]): Restriction[][] {
  const plans = new Map<string, Restriction[]>();
  for (const one of restrictions) plans.set(one.plan.code, [...(plans.get(one.plan.code) ?? []), one]);
  return [...plans.values()];
}

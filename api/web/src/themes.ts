/** One card a theme. The four states differ in icon, words and shape, never in colour alone. */

import { isColour } from "./colours";
import type { PlanRef, Restriction, ThemeAnswer, ZoneRef } from "./documents";
import { el, swatch } from "./dom";
import { facts, vietnamese, type Fact } from "./facts";
import { area, day, fileSize, number, percent, scale } from "./format";
import { icon } from "./icons";
import type { Reader } from "./reader";

export function themeCard(theme: ThemeAnswer, reader: Reader): HTMLElement {
  const { words, language } = reader;
  return el("article", { class: `theme theme-${theme.state}`, "data-theme": theme.theme, "data-state": theme.state },
    el("header", {},
      el("h3", {}, theme.name[language]),
      el("span", { class: "state" }, icon(theme.state), words.state[theme.state]),
    ),
    words.stateText[theme.state] && el("p", { class: "state-text" }, words.stateText[theme.state]),
    theme.on_whose_word && el("p", { class: "word" }, words.onTheWordOf(theme.on_whose_word)),
    theme.conflict && conflict(reader),
    ...byPlan(theme.restrictions).map((restrictions) => planBlock(restrictions, theme.state, reader)),
    theme.noise.length > 0 && noise(theme.noise, reader),
  );
}

function conflict({ words }: Reader): HTMLElement {
  return el("div", { class: "conflict" }, icon("warning"),
    el("p", {}, el("strong", {}, words.conflict), " – ", words.conflictText));
}

function noise(restrictions: Restriction[], reader: Reader): HTMLElement {
  return el("details", { class: "noise" },
    el("summary", {}, reader.words.noise(restrictions.length)),
    el("p", {}, reader.words.noiseText),
    el("ul", {}, ...restrictions.map(({ plan, zone, ...share }) =>
      el("li", {}, vietnamese(zone?.function_name ?? plan.name), " ", zone?.lot_symbol ?? "", " ", shareText(share, reader) ?? ""))),
  );
}

/** The restrictions of each plan together, in the order of the answer. */
function byPlan(restrictions: Restriction[]): Restriction[][] {
  const plans = new Map<string, Restriction[]>();
  for (const one of restrictions) plans.set(one.plan.code, [...(plans.get(one.plan.code) ?? []), one]);
  return [...plans.values()];
}

function planBlock(restrictions: Restriction[], state: ThemeAnswer["state"], reader: Reader): HTMLElement | null {
  const plan = restrictions[0]?.plan;
  if (!plan) return null;
  const { words } = reader;
  return el("section", { class: "plan", "data-plan": plan.code },
    el("h4", { lang: "vi" }, plan.name),
    plan.standing === "not_carried_over" && state === "applies" &&
      el("p", { class: "state standing" }, icon("not_carried_over"), words.state.not_carried_over),
    planFacts(plan, reader),
    ...restrictions.map((restriction) => zoneBlock(restriction, reader)),
  );
}

function planFacts(plan: PlanRef, { words, language }: Reader): HTMLElement | null {
  const dated = plan.decision_date ? ` ${words.ofDay(day(plan.decision_date, language))}` : "";
  const decision = plan.decision_number ? el("strong", {}, `${plan.decision_number}${dated}`) : words.unrecorded;
  const until = plan.valid_to ? words.fromTo(day(plan.valid_from, language), day(plan.valid_to, language))
    : words.sinceDay(day(plan.valid_from, language));
  return facts([
    [words.decision, decision],
    [words.approver, plan.approver && vietnamese(plan.approver)],
    [words.scale, plan.scale === null ? null : scale(plan.scale, language)],
    [words.origin, plan.origin && words.origins[plan.origin]],
    [words.accuracy, plan.accuracy_m === null ? null : `± ${number(plan.accuracy_m, language, 1)} m`],
    [words.kind, words.kinds[plan.kind] ?? plan.kind],
    [words.validity, until],
    [words.planCode, plan.code],
    [words.documents, plan.documents.length > 0 ? documentLinks(plan, language) : null],
    [words.missingDocuments, plan.missing_documents.map((type) => words.documentTypes[type]).join(", ")],
  ]);
}

/** The files of a plan; each is saved or shown by the browser, in a tab of its own. */
function documentLinks(plan: PlanRef, language: Reader["language"]): HTMLElement {
  return el("ul", { class: "documents" }, ...plan.documents.map((one) => el("li", {},
    el("a", { href: one.url, target: "_blank", rel: "noopener", lang: "vi" }, one.title),
    el("span", { class: "quiet" }, ` (${[one.type_name[language], one.number, one.date && day(one.date, language), fileSize(one.size, language)].filter(Boolean).join(", ")})`))));
}

function zoneBlock({ zone, ...share }: Restriction, reader: Reader): HTMLElement {
  const { words } = reader;
  if (!zone) return el("p", { class: "zone no-zone" }, words.noZone, " ", shareText(share, reader) ?? "");
  return el("div", { class: "zone", "data-function": zone.function_code },
    el("div", { class: "zone-name" },
      swatch(isColour(zone.fill) ? zone.fill : null),
      el("p", {},
        zone.function_name ? el("strong", { lang: "vi" }, sentence(zone.function_name)) : el("strong", {}, words.unknownFunction(zone.function_code)),
        el("span", { class: "codes" }, [zone.lot_symbol && `${words.zone} ${zone.lot_symbol}`, zone.function_code].filter(Boolean).join(" · ")),
      ),
    ),
    shareBar(share, zone, reader),
    facts(indicators(zone, reader), "indicators"),
  );
}

function indicators(zone: ZoneRef, { words, language }: Reader): Fact[] {
  const plain = (value: number | null, unit: string): string | null => (value === null ? null : `${number(value, language, 2)}${unit}`);
  const { density, floors, height, far, setback, declared } = words.indicators;
  return [
    [density, plain(zone.density_pct, " %")],
    [floors, floorsText(zone, words)],
    [height, plain(zone.height_max_m, " m")],
    [far, plain(zone.far_max, "")],
    [setback, plain(zone.setback_m, " m")],
    [declared, zone.declared_area_m2 === null ? null : area(zone.declared_area_m2, language)],
  ];
}

function floorsText({ floors_min: least, floors_max: most }: ZoneRef, words: Reader["words"]): string | null {
  if (least !== null && most !== null) return words.floors(least === most ? `${most}` : `${least}–${most}`);
  if (most !== null) return words.atMost(words.floors(`${most}`));
  return least === null ? null : words.atLeast(words.floors(`${least}`));
}

type Share = Pick<Restriction, "area_m2" | "share_pct">;

function shareText({ area_m2, share_pct }: Share, { words, language }: Reader): string | null {
  if (area_m2 === null || share_pct === null) return null;
  return words.share(`${number(area_m2, language, area_m2 < 100 ? 2 : 1)} m²`, percent(share_pct, language));
}

function shareBar(share: Share, zone: ZoneRef, reader: Reader): HTMLElement | null {
  const text = shareText(share, reader);
  if (text === null) return null;
  const filled = el("span", {});
  filled.style.width = `${Math.min(100, share.share_pct ?? 0)}%`;
  if (isColour(zone.fill)) filled.style.backgroundColor = zone.fill;
  return el("div", { class: "share" }, el("span", { class: "bar", "aria-hidden": "true" }, filled), el("span", {}, text));
}

function sentence(text: string): string {
  return text.charAt(0).toLocaleUpperCase("vi") + text.slice(1);
}

/** A plan within a theme: its papers, who answers for it, and what it says of the place. */

import { isColour } from "./colours";
import type { Amendment, PlanRef, Restriction, ZoneRef } from "./answers";
import type { State } from "./documents";
import { el, swatch } from "./dom";
import { facts, term, vietnamese, type Fact } from "./facts";
import { area, day, fileSize, number, percent, scale } from "./format";
import { icon } from "./icons";
import type { Reader } from "./reader";

/** More zones than these are told by function first. */
const FEW_ZONES = 6;

export function planBlock(restrictions: Restriction[], state: State, reader: Reader): HTMLElement | null {
  const plan = restrictions[0]?.plan;
  if (!plan) return null;
  const amended = restrictions.filter((one) => one.amended_by);
  const { words } = reader;
  return el("section", { class: "plan", "data-plan": plan.code },
    el("h4", { lang: "vi" }, plan.name),
    plan.standing === "not_carried_over" && state === "applies" &&
      el("p", { class: "state standing" }, icon("not_carried_over"), words.state.not_carried_over),
    ...zones(restrictions.filter((one) => !one.amended_by), reader),
    amended.length > 0 && amendedZones(amended, reader),
    planFacts(plan, reader),
  );
}

function planFacts(plan: PlanRef, reader: Reader): HTMLElement | null {
  const { words, language } = reader;
  const dated = plan.decision_date ? ` ${words.ofDay(day(plan.decision_date, language))}` : "";
  const decision = plan.decision_number ? el("strong", {}, `${plan.decision_number}${dated}`) : words.unrecorded;
  return facts([
    [words.legalStatus, plan.legal_status[language]],
    [words.decision, decision],
    [words.approver, office(plan, reader)],
    [words.atMerger, merger(plan, reader)],
    [words.scale, plan.scale === null ? null : scale(plan.scale, language)],
    [words.origin, plan.origin && words.origins[plan.origin]],
    [words.accuracy, plan.accuracy_m === null ? null : `± ${number(plan.accuracy_m, language, 1)} m`],
    [words.kind, words.kinds[plan.kind] ?? plan.kind],
    [words.validity, term(plan, reader)],
    [words.planCode, plan.code],
    [words.documents, plan.documents.length > 0 ? documentLinks(plan, language) : null],
    [words.missingDocuments, plan.missing_documents.map((type) => words.documentTypes[type]).join(", ")],
  ]);
}

/** The office that approved the plan, and who answers for it now: unknown is said, never left out. */
function office({ approver, office_now: now }: PlanRef, { words }: Reader): HTMLElement {
  return el("span", { class: "office" },
    approver ? vietnamese(approver) : words.unrecorded,
    el("span", { class: "now" }, `→ ${words.officeNow}: `,
      now ? vietnamese(now.name) : words.unrecorded,
      now && el("span", { class: "quiet" }, " (", vietnamese(now.basis), ")")));
}

function merger({ carried }: PlanRef, { words, language }: Reader): HTMLElement | null {
  if (!carried) return null;
  return el("span", { class: "carried" }, el("strong", {}, words.carried[carried.decision]), " – ",
    vietnamese(carried.resolution), `, ${words.effective(day(carried.effective, language))} `,
    el("span", { class: "quiet" }, `(${words.legalBasis}: `, vietnamese(carried.basis), ")"));
}

/** The files of a plan; each is saved or shown by the browser, in a tab of its own. */
function documentLinks(plan: PlanRef, language: Reader["language"]): HTMLElement {
  return el("ul", { class: "documents" }, ...plan.documents.map((one) => el("li", {},
    el("a", { href: one.url, target: "_blank", rel: "noopener", lang: "vi" }, one.title),
    el("span", { class: "quiet" }, ` (${[one.type_name[language], one.number, one.date && day(one.date, language), fileSize(one.size, language)].filter(Boolean).join(", ")})`))));
}

function zones(restrictions: Restriction[], reader: Reader): HTMLElement[] {
  const blocks = restrictions.map((restriction) => zoneBlock(restriction, reader));
  if (blocks.length <= FEW_ZONES || restrictions.some((one) => one.area_m2 === null)) return blocks;
  return [
    el("ul", { class: "functions" }, ...byFunction(restrictions).map(([{ zone }, share]) =>
      el("li", {}, zone && swatch(isColour(zone.fill) ? zone.fill : null), functionName(zone, reader), el("span", { class: "size" }, shareText(share, reader))))),
    el("details", { class: "each" }, el("summary", {}, reader.words.eachZone(blocks.length)), ...blocks),
  ];
}

/** Zones that apply no more, each with the decision that put others in their place. */
function amendedZones(amended: Restriction[], reader: Reader): HTMLElement {
  const { words } = reader;
  return el("div", { class: "amended" },
    el("p", {}, icon("past"), el("strong", {}, words.amended)),
    el("ul", {}, ...amended.map(({ zone, amended_by: by, ...share }) => el("li", {},
      el("s", {}, functionName(zone, reader), zone?.lot_symbol ? ` ${zone.lot_symbol}` : ""), " ", shareText(share, reader) ?? "",
      el("span", { class: "by" }, words.amendedBy, ...(by ?? []).map((one, place) => amendment(one, place, reader)))))));
}

function amendment({ code, name, decision_number: decision, decision_date: dated }: Amendment, place: number, { words, language }: Reader): HTMLElement {
  const paper = decision && [decision, dated && words.ofDay(day(dated, language))].filter(Boolean).join(" ");
  return el("span", { "data-plan": code }, place > 0 ? "; " : " ", vietnamese(name), paper ? ` (${paper})` : "");
}

/** Zones of one function together, the largest share first. */
export function byFunction(restrictions: readonly Restriction[]): [Restriction, Share][] {
  const found = new Map<string, [Restriction, Share]>();
  for (const one of restrictions) {
    const name = one.zone ? `${one.zone.function_scheme} ${one.zone.function_code}` : "";
    const { area_m2, share_pct } = found.get(name)?.[1] ?? { area_m2: 0, share_pct: 0 };
    found.set(name, [one, { area_m2: (area_m2 ?? 0) + (one.area_m2 ?? 0), share_pct: (share_pct ?? 0) + (one.share_pct ?? 0) }]);
  }
  return [...found.values()].sort(([, one], [, other]) => (other.area_m2 ?? 0) - (one.area_m2 ?? 0));
}

function functionName(zone: ZoneRef | null, { words }: Reader): HTMLElement {
  if (!zone) return el("span", {}, words.noZoneShort);
  return zone.function_name ? vietnamese(sentence(zone.function_name)) : el("span", {}, words.unknownFunction(zone.function_code));
}

function zoneBlock({ zone, ...share }: Restriction, reader: Reader): HTMLElement {
  const { words } = reader;
  if (!zone) return el("p", { class: "zone no-zone" }, words.noZone, " ", shareText(share, reader) ?? "");
  return el("div", { class: "zone", "data-function": zone.function_code },
    el("div", { class: "zone-name" },
      swatch(isColour(zone.fill) ? zone.fill : null),
      el("p", {},
        el("strong", {}, functionName(zone, reader)),
        el("span", { class: "codes" }, [zone.lot_symbol && `${words.zone} ${zone.lot_symbol}`, zone.function_code].filter(Boolean).join(" · ")),
        zone.article && el("span", { class: "codes article" }, `${words.article}: `, vietnamese(zone.article)),
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

export type Share = Pick<Restriction, "area_m2" | "share_pct">;

export function shareText({ area_m2, share_pct }: Share, { words, language }: Reader): string | null {
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

export function sentence(text: string): string {
  return text.charAt(0).toLocaleUpperCase("vi") + text.slice(1);
}

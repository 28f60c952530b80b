/** Findings as work: what was found, what to do about it, its case, and who let it stand as it is. */

import type { Finding, RuleCount, Severity } from "./documents";
import { el } from "./dom";
import { vietnamese } from "./facts";
import { area, day, number, width } from "./format";
import { icon } from "./icons";
import type { Reader } from "./reader";

const LISTED = 8;

interface Around {
  /** Communes by name and plans by code. */
  involved(finding: Finding): string;
  show(finding: Finding): void;
}

/** One list a rule and severity, the gravest first. */
export function findingGroups(findings: readonly Finding[], counts: readonly RuleCount[], reader: Reader, around: Around): HTMLElement[] {
  return byCheck(findings).map((group) => findingGroup(group, counts, reader, around)).filter((one) => one !== null);
}

function findingGroup(findings: readonly Finding[], counts: readonly RuleCount[], reader: Reader, around: Around): HTMLElement | null {
  const [first] = findings;
  if (!first) return null;
  const { words, language } = reader;
  const all = counts.find(({ check, severity }) => check === first.check && severity === first.severity)?.number ?? findings.length;
  return el("details", { class: `finding-group severity-${first.severity}`, "data-check": first.check },
    el("summary", {}, icon(first.severity), el("span", {}, first.title[language], el("span", { class: "quiet" }, ` – ${words.severity[first.severity]}`)),
      el("span", { class: "count" }, number(all, language))),
    advice(first, reader),
    el("ul", {}, ...findings.slice(0, LISTED).map((finding) => el("li", {},
      el("button", { type: "button", class: "link", onclick: () => around.show(finding) },
        words.size(area(finding.area_m2, language), width(finding.width_m, language))),
      el("span", { class: "quiet", lang: "vi" }, around.involved(finding)),
      finding.subjects.length > 0 && el("span", { class: "quiet" }, `${words.lots}: `, vietnamese(finding.subjects.join(", "))),
      caseOf(finding, reader)))),
    all > LISTED && el("p", { class: "quiet" }, words.more(all - LISTED)));
}

/** What whoever keeps the data is to do. */
export function advice(finding: Finding, { words, language }: Reader): HTMLElement {
  return el("p", { class: "advice" }, el("strong", {}, `${words.advice}: `), finding.advice[language]);
}

/** The number that stays the same from check to check; whether it is open, or who accepted it, why and until when. */
export function caseOf(finding: Finding, { words, language }: Reader): HTMLElement {
  const accepted = finding.status === "accepted";
  return el("div", { class: `case ${finding.status}` },
    el("p", {}, finding.case !== null && `${words.caseNumber(finding.case)} · `, accepted ? words.caseAccepted : words.caseOpen),
    accepted && el("p", { class: "quiet" }, vietnamese(finding.accepted_by ?? ""), finding.accepted_why && ": ",
      finding.accepted_why && vietnamese(finding.accepted_why), " – ",
      finding.accepted_until ? words.acceptedUntil(day(finding.accepted_until, language)) : words.acceptedForEver));
}

function byCheck(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const name = `${finding.check} ${finding.severity}`;
    groups.set(name, [...(groups.get(name) ?? []), finding]);
  }
  const order: Severity[] = ["error", "warning", "info"];
  return [...groups.values()].sort(([one], [other]) => order.indexOf(one!.severity) - order.indexOf(other!.severity));
}

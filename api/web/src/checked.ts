/** What the checks of the data say of the place: findings that touch it, and the day they were checked. */

import type { Answer, Touched } from "./answers";
import { el } from "./dom";
import { vietnamese } from "./facts";
import { area, day, width } from "./format";
import { icon } from "./icons";
import type { Reader } from "./reader";

export function checkedSection({ checks, subject }: Answer, reader: Reader): HTMLElement {
  const { words, language } = reader;
  const { checked_at: moment, findings } = checks;
  const when = moment ? words.checkedOn(day(moment, language)) : words.neverChecked;
  if (findings.length === 0) return el("p", { class: "checked quiet" }, moment ? `${when}: ${words.nothingFound}` : when);
  const grave = findings.filter(({ severity }) => severity !== "info");
  const notes = findings.filter(({ severity }) => severity === "info");
  const title = grave.length > 0 ? words.touched[subject.kind] : words.checkNotes;
  return el("section", { class: "checked", "aria-label": title },
    el("h2", {}, title),
    grave.length > 0 && el("ul", {}, ...grave.map((finding) => found(finding, reader))),
    notes.length > 0 && el("details", {}, el("summary", { class: "quiet" }, words.moreNotes(notes.length)),
      el("ul", {}, ...notes.map((finding) => found(finding, reader)))),
    el("p", { class: "quiet" }, when));
}

function found(finding: Touched, { words, language }: Reader): HTMLElement {
  const { accepted } = finding;
  return el("li", { class: `severity-${finding.severity}`, "data-check": finding.check }, icon(finding.severity),
    el("div", {},
      el("p", {}, el("strong", {}, finding.name[language]), el("span", { class: "quiet" }, ` – ${words.severity[finding.severity]}`)),
      el("p", {}, words.size(area(finding.area_m2, language), width(finding.width_m, language))),
      finding.plan_codes.length > 0 && el("p", { class: "quiet" }, `${words.plans}: ${finding.plan_codes.join(", ")}`),
      el("p", { class: "quiet" }, finding.case !== null && `${words.caseNumber(finding.case)} · `, accepted ? words.caseAccepted : words.caseOpen,
        accepted && ": ", accepted && vietnamese(`${accepted.by}: ${accepted.why}`),
        accepted && ` – ${accepted.until ? words.acceptedUntil(day(accepted.until, language)) : words.acceptedForEver}`)));
}

/** The answer about a point, a parcel or an area, from the place down to the disclaimer. */

import type { Answer, ParcelRef } from "./answers";
import type { State } from "./documents";
import { el } from "./dom";
import { checkedSection } from "./checked";
import { area, day, number } from "./format";
import { icon } from "./icons";
import { linesSection } from "./lines";
import type { Reader } from "./reader";
import { subjectHead, subjectName } from "./subject";
import { STATES, themeCards } from "./themes";

/** Parcels shown before the rest is folded. */
const FEW_PARCELS = 8;

export function answerPage(answer: Answer, reader: Reader): HTMLElement[] {
  const { words } = reader;
  const { kind } = answer.subject;
  const parts = [
    subjectHead(answer, reader),
    kind === "point" && parcelLinks(answer, reader),
    el("section", { class: "themes", "aria-label": words.plans },
      el("h2", {}, words.plans),
      summaryChips(answer, reader),
      ...themeCards(answer, reader),
    ),
    linesSection(answer.lines, reader),
    kind === "area" && parcelLinks(answer, reader),
    checkedSection(answer, reader),
    colophon(answer, reader),
  ];
  return parts.filter((part): part is HTMLElement => Boolean(part));
}

/** The answer in one sentence, for those who hear it. */
export function spoken(answer: Answer, reader: Reader): string {
  const { words } = reader;
  const counts = countStates(answer).map(([state, count]) => words.summary(words.state[state], count));
  const conflicts = answer.themes.some((theme) => theme.conflict) ? [words.conflict] : [];
  return words.answerReady(subjectName(answer, reader), [...counts, ...conflicts].join(", "));
}

function countStates(answer: Answer): [State, number][] {
  return STATES.map((state): [State, number] => [state, answer.themes.filter((theme) => theme.state === state).length])
    .filter(([, count]) => count > 0);
}

function summaryChips(answer: Answer, { words }: Reader): HTMLElement {
  return el("ul", { class: "summary" }, ...countStates(answer).map(([state, count]) =>
    el("li", { class: `chip theme-${state}` }, icon(state), words.summary(words.state[state], count))));
}

/** The parcels at a point, or under an area: of these the largest, with how much of each lies in it. */
function parcelLinks({ subject, parcels, parcels_total: total }: Answer, reader: Reader): HTMLElement {
  const { words, language } = reader;
  const title = subject.kind === "area" ? words.parcelsUnder(number(total ?? parcels.length, language)) : words.parcels;
  const links = parcels.map((parcel) => parcelLink(parcel, reader));
  return el("section", { class: "parcels", "aria-label": title },
    el("h2", {}, title),
    parcels.length === 0 && el("p", { class: "quiet" }, subject.kind === "area" ? words.noParcelsUnder : words.noParcels),
    parcels.length < (total ?? 0) && el("p", { class: "quiet" }, words.largestParcels(parcels.length)),
    ...links.slice(0, FEW_PARCELS),
    links.length > FEW_PARCELS && el("details", {}, el("summary", {}, words.moreParcels(links.length - FEW_PARCELS)), ...links.slice(FEW_PARCELS)));
}

function parcelLink(parcel: ParcelRef, reader: Reader): HTMLElement {
  const { words, language } = reader;
  const within = parcel.within_m2 ?? parcel.area_m2;
  const size = within < parcel.area_m2 - 0.01 ? words.within(area(within, language), area(parcel.area_m2, language)) : area(parcel.area_m2, language);
  return el("button", { type: "button", class: "parcel-link", "data-parcel": parcel.key, onclick: () => reader.select({ kind: "parcel", key: parcel.key }) },
    icon("parcel"),
    el("span", {},
      el("strong", {}, words.parcel(parcel.number, parcel.sheet)),
      el("span", { class: "quiet" }, words.ofFormer(parcel.former_name ?? parcel.former_code)),
    ),
    el("span", { class: "size" }, [parcel.land_use_code, size].filter(Boolean).join(" · ")),
  );
}

function colophon(answer: Answer, reader: Reader): HTMLElement {
  const { words, language } = reader;
  const { release, subject } = answer;
  return el("footer", { class: "colophon" },
    el("p", {}, el("strong", {}, answer.disclaimer[language])),
    el("p", {}, [words.asOf(day(answer.on, language)), words.release(release.number, day(release.published_at, language)), release.note].filter(Boolean).join(" · ")),
    el("p", {}, words.operation(subject.crs, subject.operation)),
    el("p", { class: "hash" }, words.hash, " ", el("code", {}, answer.hash)),
  );
}

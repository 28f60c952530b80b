/** The answer about a point, a parcel or an area, from the place down to the disclaimer. */

import type { Answer, ParcelRef, State } from "./documents";
import { el } from "./dom";
import { area, day } from "./format";
import { icon } from "./icons";
import type { Reader } from "./reader";
import { subjectHead, subjectName } from "./subject";
import { themeCard } from "./themes";

const STATES: readonly State[] = ["applies", "not_carried_over", "none", "no_data"];

export function answerPage(answer: Answer, reader: Reader): HTMLElement[] {
  const { words } = reader;
  return [
    subjectHead(answer, reader),
    ...answer.subject.kind === "parcel" ? [] : [parcelLinks(answer.parcels, reader)],
    el("section", { class: "themes", "aria-label": words.plans },
      el("h2", {}, words.plans),
      summaryChips(answer, reader),
      ...answer.themes.map((theme) => themeCard(theme, reader)),
    ),
    colophon(answer, reader),
  ];
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

function parcelLinks(parcels: ParcelRef[], reader: Reader): HTMLElement {
  const { words, language } = reader;
  return el("section", { class: "parcels", "aria-label": words.parcels },
    el("h2", {}, words.parcels),
    parcels.length === 0 && el("p", { class: "quiet" }, words.noParcels),
    ...parcels.map((parcel) =>
      el("button", { type: "button", class: "parcel-link", "data-parcel": parcel.key, onclick: () => reader.select({ kind: "parcel", key: parcel.key }) },
        icon("parcel"),
        el("span", {},
          el("strong", {}, words.parcel(parcel.number, parcel.sheet)),
          el("span", { class: "quiet" }, words.ofFormer(parcel.former_name ?? parcel.former_code)),
        ),
        el("span", { class: "size" }, [parcel.land_use_code, area(parcel.area_m2, language)].filter(Boolean).join(" · ")),
      )),
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

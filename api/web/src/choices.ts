/** Several parcels bear the number that was asked for: the person chooses, the page never does. */

import type { ParcelChoices } from "./descent";
import { el } from "./dom";
import { area } from "./format";
import { icon } from "./icons";
import type { Reader } from "./reader";

export function choicesPage({ asked, choices }: ParcelChoices, reader: Reader): HTMLElement[] {
  const { words, language } = reader;
  return [
    el("div", { class: "place" },
      el("h2", { class: "subject" }, icon("parcel"), words.whichParcel),
      el("p", { class: "lead" }, words.whichParcelText(asked.number, asked.sheet, asked.code))),
    el("ul", { class: "choices" }, ...choices.map((one) => el("li", {},
      el("button", { type: "button", class: "button", lang: "vi", onclick: () => reader.select({ kind: "parcel", key: one.key }) },
        words.ofFormer(one.former_name ?? one.former_code)),
      el("span", { class: "quiet", lang: "vi" }, [one.district, one.key, area(one.area_m2, language), one.land_use_code].filter(Boolean).join(" · ")),
      one.unknown_part && el("span", { class: "quiet" }, words.partUnknown)))),
  ];
}

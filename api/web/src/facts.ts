/** Facts as a list of labels and values; a fact that is not on record takes no room. */

import { el } from "./dom";
import { day, dayBefore } from "./format";
import type { Reader } from "./reader";

export type Fact = readonly [label: string, value: string | Node | null | undefined];

export function facts(rows: readonly Fact[], className = "facts"): HTMLElement | null {
  const known = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  if (known.length === 0) return null;
  return el("dl", { class: className }, ...known.map(([label, value]) => el("div", {}, el("dt", {}, label), el("dd", {}, value))));
}

/** Names, plans and offices are Vietnamese whatever the language of the page. */
export function vietnamese(text: string): HTMLElement {
  return el("span", { lang: "vi" }, text);
}

/** From the first day to the last: a record ends before its `valid_to`, and people read a term with its last day. */
export function term({ valid_from, valid_to }: { valid_from: string; valid_to: string | null }, { words, language }: Reader): string {
  const first = day(valid_from, language);
  return valid_to ? words.fromTo(first, day(dayBefore(valid_to), language)) : words.sinceDay(first);
}

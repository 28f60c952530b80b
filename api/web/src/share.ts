/** Taking an answer along: its link, and paper. */

import { ROOT } from "./api";
import { el } from "./dom";
import type { Vocabulary } from "./i18n";
import { icon } from "./icons";

/** `sheet`: the address of the answer's sheet in one of its forms; null where there is none. */
export function shareRow(permalink: () => string | null, words: Vocabulary, sheet: ((form: "pdf" | "html") => string) | null): HTMLElement {
  const outcome = el("p", { class: "copied", role: "status" });
  const copy = (): void => {
    const address = permalink();
    if (address === null) return outcome.replaceChildren(words.noLink);
    void copied(address).then((done) => {
      outcome.replaceChildren(...(done ? [words.copied] : [words.copyThis, " ", byHand(address, words)]));
      outcome.querySelector("input")?.select();
    });
  };
  return el("div", { class: "share-row" },
    el("button", { type: "button", class: "button quiet-button", onclick: copy }, icon("link"), words.copyLink),
    el("button", { type: "button", class: "button quiet-button", onclick: () => print() }, icon("print"), words.print),
    sheet && el("a", { class: "button quiet-button", href: sheet("pdf"), target: "_blank", rel: "noopener" }, icon("pdf"), words.sheetPdf),
    sheet && el("a", { class: "button quiet-button", href: sheet("html"), target: "_blank", rel: "noopener" }, icon("print"), words.sheetPage),
    outcome,
    el("p", { class: "address" }, permalink() ?? words.noLink),
  );
}

/** The sheet of an answer: the question that proves it, asked of the same day and release; null where that is too long for an address. */
export function sheetAddress(verify: string, language: string): ((form: "pdf" | "html") => string) | null {
  const question = new URL(verify, ROOT).searchParams;
  const parcel = question.get("parcel");
  if (!["parcel", "lon", "x", "shape"].some((name) => question.has(name))) return null;
  question.delete("parcel");
  question.set("lang", language);
  if (parcel !== null) question.set("by", "former");
  return (form) => {
    question.set("format", form);
    return new URL(`v1/${parcel === null ? "lookup" : `parcels/${parcel}`}?${question.toString()}`, ROOT).href;
  };
}

/** Browsers lend the clipboard to secure pages only. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function byHand(text: string, words: Vocabulary): HTMLElement {
  return el("input", { type: "text", readonly: true, value: text, "aria-label": words.copyThis });
}

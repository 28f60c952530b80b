/** Taking an answer along: its link, and paper. */

import { el } from "./dom";
import type { Vocabulary } from "./i18n";
import { icon } from "./icons";

export function shareRow(permalink: () => string | null, words: Vocabulary): HTMLElement {
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
    outcome,
    el("p", { class: "address" }, permalink() ?? words.noLink),
  );
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

/** What went wrong, in a sentence for the person, with a way to try again. */

import { Refusal, Silence } from "./api";
import { el } from "./dom";
import type { Vocabulary } from "./i18n";
import { icon, type IconName } from "./icons";

interface Told {
  /** Whether the same question may be answered another time. */
  passing: boolean;
  icon: IconName;
  title: string;
  text: string;
}

export function failureBox(error: unknown, words: Vocabulary, retry: (() => void) | null): HTMLElement {
  const { icon: sign, title, text, passing } = told(error, words);
  return el("div", { class: "failure", role: "alert" },
    icon(sign),
    el("div", {},
      el("p", {}, el("strong", {}, title)),
      el("p", {}, text),
      error instanceof Refusal && error.candidates.length > 0 && el("ul", { class: "candidates" }, ...error.candidates.map((one) =>
        el("li", { lang: "vi" }, `${one.name}: ${words.extent[one.extent]}`))),
      retry && passing && el("button", { type: "button", class: "button", onclick: retry }, words.retry),
    ),
  );
}

function told(error: unknown, words: Vocabulary): Told {
  if (error instanceof Silence) return { passing: true, icon: "offline", title: words.offline, text: words.offlineText };
  if (error instanceof Refusal) {
    return { passing: error.status >= 429, icon: "warning", title: error.title || words.failed, text: error.detail || words.failedText(String(error.status)) };
  }
  console.error(error);
  return { passing: false, icon: "error", title: words.failed, text: words.broken };
}

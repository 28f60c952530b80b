/** Who reads: what a document needs to be shown to a person, and where its links lead. */

import type { LegendDocument } from "./documents";
import type { Vocabulary } from "./i18n";
import type { Language, Selection } from "./state";

export interface Reader {
  language: Language;
  words: Vocabulary;
  legend: LegendDocument;
  select(selection: Selection): void;
}

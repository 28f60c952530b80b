/** Every word of the page in both languages. A word missing in one of them does not compile. */

import { en } from "./en";
import type { Language } from "./state";
import { vi } from "./vi";

type SameWords<T> = {
  readonly [K in keyof T]: T[K] extends (...values: infer V) => string ? (...values: V) => string
    : T[K] extends string ? string : SameWords<T[K]>;
};
export type Vocabulary = SameWords<typeof vi>;

export const WORDS: Readonly<Record<Language, Vocabulary>> = { vi, en };

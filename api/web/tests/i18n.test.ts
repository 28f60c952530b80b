import { expect, test } from "vitest";
import { WORDS } from "../src/i18n";

type Entry = [path: string, value: unknown];

function entries(value: unknown, path = ""): Entry[] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => entries(inner, `${path}.${key}`));
}

const MAY_BE_EMPTY = [".stateText.applies"];

test.each(["vi", "en"] as const)("every word of %s says something", (language) => {
  for (const [path, value] of entries(WORDS[language])) {
    const text = typeof value === "function" ? (value as (...given: string[]) => string)("1", "2", "3") : value;
    if (!MAY_BE_EMPTY.includes(path)) expect(text, path).toMatch(/\S/);
  }
});

test("both languages have the same words", () => {
  const names = (language: "vi" | "en") => entries(WORDS[language]).map(([path, value]) => `${path} ${typeof value}`);
  expect(names("en")).toEqual(names("vi"));
});

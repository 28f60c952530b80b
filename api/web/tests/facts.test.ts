import { expect, test } from "vitest";
import { en } from "../src/en";
import { term } from "../src/facts";
import type { Reader } from "../src/reader";
import { vi } from "../src/vi";

const reader = (language: "vi" | "en"): Reader => ({ language, words: language === "vi" ? vi : en, legend: { land_use: [], planning: [], levels: [] }, select: () => undefined });

test("a term is read with its last day", () => {
  const plan = { valid_from: "2021-03-15", valid_to: "2031-01-01" };
  expect(term(plan, reader("vi"))).toBe("từ 15/03/2021 đến hết 31/12/2030");
  expect(term(plan, reader("en"))).toBe("from 15 Mar 2021 up to and on 31 Dec 2030");
  expect(term({ ...plan, valid_to: null }, reader("vi"))).toBe("từ 15/03/2021");
});

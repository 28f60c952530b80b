/** Numbers, days and measures as people of each language write them. */

import type { Language } from "./state";

const LOCALES: Readonly<Record<Language, string>> = { vi: "vi-VN", en: "en-GB" };
const VIETNAM_MS = 7 * 3_600_000;
const DAY_MS = 86_400_000;

export function number(value: number, language: Language, digits = 1): string {
  return new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: digits }).format(value);
}

/** Whether a percentage is all of it, but for the noise of arithmetic. */
export function isWhole(percentage: number): boolean {
  return percentage > 99.999_999;
}

/** A share that is not whole is never rounded up to 100 nor down to 0. */
export function percent(value: number, language: Language): string {
  if (value > 0 && value < 0.1) return `< ${number(0.1, language)} %`;
  return value > 99.9 && !isWhole(value) ? `> ${number(99.9, language)} %` : `${number(value, language)} %`;
}

export function squareMetres(value: number, language: Language): string {
  return `${number(value, language, value < 100 ? 2 : 1)} m²`;
}

/** m², hectares or km², whichever reads best. */
export function area(value: number, language: Language): string {
  if (value < 10_000) return squareMetres(value, language);
  return value < 1e6 ? `${number(value / 1e4, language, 2)} ha` : `${number(value / 1e6, language, 2)} km²`;
}

/** A width in the unit that shows it: mm, cm or m. */
export function width(metres: number, language: Language): string {
  if (metres < 0.01) return `${number(metres * 1000, language, 1)} mm`;
  return metres < 1 ? `${number(metres * 100, language, 1)} cm` : `${number(metres, language, 1)} m`;
}

export function scale(denominator: number, language: Language): string {
  return `1/${number(denominator, language)}`;
}

/** An ISO day or moment as the people of the province date it. */
export function day(iso: string, language: Language): string {
  const moment = new Date(iso.length === 10 ? `${iso}T00:00:00+07:00` : iso);
  const month = language === "vi" ? "2-digit" : "short";
  return new Intl.DateTimeFormat(LOCALES[language], { day: "2-digit", month, year: "numeric", timeZone: "Asia/Ho_Chi_Minh" })
    .format(moment);
}

export function today(): string {
  return new Date(Date.now() + VIETNAM_MS).toISOString().slice(0, 10);
}

export function dayBefore(iso: string): string {
  return new Date(Date.parse(iso) - DAY_MS).toISOString().slice(0, 10);
}

/** Bytes as people read them. */
export function fileSize(bytes: number, language: Language): string {
  return bytes < 1_000_000 ? `${number(Math.max(1, bytes / 1000), language)} kB` : `${number(bytes / 1_000_000, language, 1)} MB`;
}

/** Questions to the service. An answer is a document; everything else is a Refusal or a Silence. */

import type { Candidate, LineageAnswer, LineageShapes, MergerList, ParcelChoices, UnitAnswer } from "./descent";
import type { AreaAnswer, ParcelAnswer, PointAnswer } from "./answers";
import type { ChoiceList } from "./meant";
import type { CoverageAnswer, Drawn, FindingList, Health, LegendDocument, UnitList } from "./documents";

export const ROOT = new URL(".", document.baseURI);
const PATIENCE_MS = 30_000;

export type Parameters = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The service answered with a problem; `detail` is a sentence for the person. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    /** Of a place whose former unit is unknown: the units it may have belonged to. */
    readonly candidates: readonly Candidate[] = [],
  ) {
    super(detail);
  }
}

/** No answer came: the device is offline, the service is away or too slow. */
export class Silence extends Error {}

/** `documents`: statuses that are no success and still bring the document asked for. */
async function ask<T>(path: string, parameters: Parameters, signal: AbortSignal, documents: readonly number[] = []): Promise<T> {
  const address = new URL(path, ROOT);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined) address.searchParams.set(name, String(value));
  }
  return patiently(signal, async (limited) => {
    const response = await fetch(address, { signal: limited });
    const text = await response.text();
    if (!response.ok && !documents.includes(response.status)) throw refusal(response.status, text);
    return readable<T>(response.status, text);
  });
}

/** Whatever fails on the way, be it the network or our patience, is silence. */
async function patiently<T>(signal: AbortSignal, work: (limited: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const end = (): void => limit.abort();
  const timer = setTimeout(end, PATIENCE_MS);
  signal.addEventListener("abort", end);
  try {
    return await work(limit.signal);
  } catch (error) {
    throw error instanceof Refusal ? error : new Silence();
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}

function readable<T>(status: number, text: string): T {
  try {
    return subjectOf(JSON.parse(text)) as T;
  } catch {
    throw new Refusal(status, "not-json", "", "");
  }
}

/** Of an answer with shapes the first feature, which is its subject and holds the whole answer; anything else as it is. */
function subjectOf(document: unknown): unknown {
  const [first] = (document as { features?: { id?: unknown }[] }).features ?? [];
  return first?.id === "subject" ? first : document;
}

function refusal(status: number, text: string): Refusal {
  const problem = objectIn(text);
  const word = (name: string): string => (typeof problem[name] === "string" ? problem[name] : "");
  const candidates = Array.isArray(problem["candidates"]) ? (problem["candidates"] as Candidate[]) : [];
  return new Refusal(status, word("code"), word("title"), word("detail"), candidates);
}

function objectIn(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {}; // a proxy's own page, perhaps
  }
}

export const service = {
  health: (asked: Parameters, signal: AbortSignal) => ask<Health>("v1/health", asked, signal),
  legend: (signal: AbortSignal) => ask<LegendDocument>("v1/legend", {}, signal),
  lookup: (asked: Parameters, signal: AbortSignal) => ask<PointAnswer>("v1/lookup", asked, signal),
  /** `shape`: a polygon as WKT, longitude and latitude. */
  area: (shape: string, asked: Parameters, signal: AbortSignal) =>
    ask<AreaAnswer>("v1/lookup", { ...asked, shape, geometry: true }, signal),
  search: (asked: Parameters, signal: AbortSignal) => ask<ChoiceList>("v1/search", asked, signal),
  units: (asked: Parameters, signal: AbortSignal) => ask<UnitList>("v1/units", asked, signal),
  coverage: (asked: Parameters, signal: AbortSignal) => ask<CoverageAnswer>("v1/coverage", asked, signal),
  findings: (asked: Parameters, signal: AbortSignal) => ask<FindingList>("v1/findings", asked, signal),
  parcel: (key: string, asked: Parameters, signal: AbortSignal) =>
    ask<ParcelAnswer>(`v1/parcels/${key}`, { ...asked, by: "former", geometry: true }, signal),
  /** A parcel by the number a person has, of the former commune or the present one: it may ask back. */
  parcelByNumber: (number: string, asked: Parameters, signal: AbortSignal) =>
    ask<ParcelAnswer | ParcelChoices>(`v1/parcels/${number}`, { ...asked, geometry: true }, signal, [300]),
  unit: (code: string, asked: Parameters, signal: AbortSignal) =>
    ask<Drawn<UnitAnswer>>(`v1/units/${code}`, { ...asked, format: "geojson" }, signal, [410]),
  lineage: (code: string, asked: Parameters, signal: AbortSignal) => ask<LineageAnswer>(`v1/units/${code}/lineage`, asked, signal),
  lineageShapes: (code: string, asked: Parameters, signal: AbortSignal) =>
    ask<LineageShapes>(`v1/units/${code}/lineage`, { ...asked, format: "geojson" }, signal),
  mergers: (asked: Parameters, signal: AbortSignal) => ask<MergerList>("v1/mergers", asked, signal),
};

/** Asks one thing at a time: a new question gives up the one before, whose late answer is never heard. */
export class Asking {
  private current: AbortController | null = null;

  async ask<T>(question: (signal: AbortSignal) => Promise<T>, hear: Hearing<T>): Promise<void> {
    this.giveUp();
    const controller = (this.current = new AbortController());
    try {
      const answer = await question(controller.signal);
      if (!controller.signal.aborted) hear.answer(answer);
    } catch (error) {
      if (!controller.signal.aborted) hear.failure(error);
    }
  }

  giveUp(): void {
    this.current?.abort();
  }
}

export interface Hearing<T> {
  answer(answer: T): void;
  failure(error: unknown): void;
}

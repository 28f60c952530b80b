/** The documents of the service, as `/docs` describes them. Dates are ISO days, areas m², coordinates degrees. */

export type Words = Readonly<Record<"vi" | "en", string>>;
export type Scheme = "land_use" | "planning";
export type State = "applies" | "none" | "no_data" | "not_carried_over";
export type Severity = "error" | "warning" | "info";
export type Bounds = [west: number, south: number, east: number, north: number];

export interface Release {
  number: number;
  published_at: string;
  note: string | null;
  illustration: boolean;
}

export interface Health {
  status: "ok";
  version: string;
  release: Release | null;
  storage_crs: string;
  bounds: Bounds | null;
  example: { lon: number; lat: number } | null;
}

export interface Dated {
  release: Release;
  on: string;
}

export interface UnitRow {
  code: string;
  name: string;
  kind: string;
  level: string;
  province_code: string | null;
  district: string | null;
  valid_from: string;
  valid_to: string | null;
  in_force: boolean;
  /** Null where the unit is on record without a boundary. */
  bbox: Bounds | null;
  homonyms?: number;
  successors: { code: string; name: string }[];
}

export interface UnitList extends Dated {
  units: UnitRow[];
}

export interface Unit extends Omit<UnitRow, "successors"> {
  area_km2: number | null;
  boundary_how: "official" | "derived" | "digitised" | null;
  declared_area_km2: number | null;
  population: number | null;
  legal_basis: string | null;
}

export interface CoverageRow {
  unit_code: string;
  unit_name: string | null;
  level: string;
  area_m2: number;
  planned_m2: number;
  zoned_m2: number;
  ratio_pct: number;
  target_pct: number | null;
  plan_codes: string[];
}

export interface CoverageAnswer extends Dated {
  holds_from: string;
  holds_to: string | null;
  rows: CoverageRow[];
  undrawn: { code: string; name: string }[];
}

export interface Finding {
  id: number;
  check: string;
  title: Words;
  advice: Words;
  severity: Severity;
  level: string;
  unit_codes: string[];
  plan_codes: string[];
  subjects: string[];
  area_m2: number;
  width_m: number;
  case: number | null;
  status: "open" | "accepted";
  accepted_by: string | null;
  accepted_why: string | null;
  accepted_until: string | null;
  lon: number;
  lat: number;
  bbox: Bounds;
}

export interface RuleCount {
  check: string;
  severity: Severity;
  number: number;
}

export interface FindingList extends Dated {
  total: number;
  offset: number;
  next_offset: number | null;
  by_rule: RuleCount[];
  findings: Finding[];
}

export interface LegendRow {
  code: string;
  name: string;
  fill: string;
}

export interface LegendDocument {
  land_use: LegendRow[];
  planning: LegendRow[];
  levels: { level: string; vi: string; en: string }[];
}

/** A document whose subject has a shape, asked for with `format=geojson`. */
export interface Drawn<T> {
  type: "Feature";
  geometry: GeoJSON.Geometry;
  properties: T;
}

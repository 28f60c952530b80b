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

export interface UnitRef {
  code: string;
  name: string;
  kind: string;
  level: "province" | "district" | "commune";
  province_code: string | null;
  province_name: string | null;
  district: string | null;
  valid_from: string;
  valid_to: string | null;
  area_m2?: number | null;
}

export interface Place {
  lon: number;
  lat: number;
  x: number;
  y: number;
  crs: string;
  operation: string;
}

export interface ParcelRef {
  key: string;
  former_code: string;
  former_name: string | null;
  sheet: number;
  number: number;
  land_use_code: string | null;
  declared_area_m2: number | null;
  area_m2: number;
}

export interface Parcel extends ParcelRef {
  perimeter_m: number;
  valid_from: string;
  valid_to: string | null;
  lon: number;
  lat: number;
  operation: string;
}

export type DocumentType = "decision" | "regulation" | "drawing" | "text" | "other";

export interface DocumentRef {
  type: DocumentType;
  type_name: Words;
  title: string;
  number: string | null;
  date: string | null;
  media_type: string;
  size: number;
  sha256: string;
  url: string;
}

export interface PlanRef {
  code: string;
  name: string;
  kind: string;
  level: string;
  scale: number | null;
  decision_number: string | null;
  decision_date: string | null;
  approver: string | null;
  origin: "drawn" | "digitised" | "traced" | null;
  accuracy_m: number | null;
  valid_from: string;
  valid_to: string | null;
  standing: "in_force" | "not_carried_over";
  documents: DocumentRef[];
  missing_documents: DocumentType[];
}

export interface ZoneRef {
  id: number;
  lot_symbol: string | null;
  function_code: string;
  function_scheme: Scheme;
  function_name: string | null;
  fill: string | null;
  density_pct: number | null;
  floors_min: number | null;
  floors_max: number | null;
  height_max_m: number | null;
  far_max: number | null;
  setback_m: number | null;
  declared_area_m2: number | null;
}

export interface Restriction {
  plan: PlanRef;
  zone: ZoneRef | null;
  area_m2: number | null;
  share_pct: number | null;
}

export interface ThemeAnswer {
  theme: string;
  name: Words;
  state: State;
  on_whose_word: string | null;
  conflict: boolean;
  restrictions: Restriction[];
  noise: Restriction[];
}

interface Answering extends Dated {
  units: UnitRef[];
  former_units: UnitRef[];
  themes: ThemeAnswer[];
  disclaimer: Words;
}

export interface PointAnswer extends Answering {
  place: Place;
  parcels: ParcelRef[];
}

export interface ParcelAnswer extends Answering {
  parcel: Parcel;
}

export type Answer = PointAnswer | ParcelAnswer;

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

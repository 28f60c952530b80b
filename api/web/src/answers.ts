/** What applies at a point, on a parcel or in an area, as the service answers it. */

import type { Dated, Scheme, Severity, State, Words } from "./documents";

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

export interface ParcelRef {
  key: string;
  former_code: string;
  former_name: string | null;
  sheet: number;
  number: number;
  land_use_code: string | null;
  declared_area_m2: number | null;
  area_m2: number;
  /** How much of it lies in the area asked about. */
  within_m2?: number | null;
}

/** A place of what was asked about, in degrees and in the plane of the storage CRS. */
interface Somewhere {
  lon: number;
  lat: number;
  x: number;
  y: number;
  crs: string;
  operation: string;
}

export interface PointSubject extends Somewhere {
  kind: "point";
}

/** The file a parcel came from; `accuracy_m`: how exact its outlines are, null where nobody said. */
export interface SourceRef {
  file_name: string;
  accuracy_m: number | null;
}

export interface ParcelSubject extends Somewhere, ParcelRef {
  kind: "parcel";
  source: SourceRef | null;
  perimeter_m: number;
  valid_from: string;
  valid_to: string | null;
  geometry: GeoJSON.Geometry;
}

/** What the asker drew. */
export interface AreaSubject extends Somewhere {
  kind: "area";
  area_m2: number;
  perimeter_m: number;
  geometry: GeoJSON.Geometry;
}

export type Subject = PointSubject | ParcelSubject | AreaSubject;

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
  /** Who answers today for what the approver approved. */
  office_now: { name: string; basis: string } | null;
  legal_status: Words;
  /** What was decided of it at a merger. */
  carried: { decision: "kept" | "undecided"; resolution: string; effective: string; basis: string } | null;
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
  /** Where the plan's management rules speak of it. */
  article: string | null;
  density_pct: number | null;
  floors_min: number | null;
  floors_max: number | null;
  height_max_m: number | null;
  far_max: number | null;
  setback_m: number | null;
  declared_area_m2: number | null;
}

/** A plan whose zones hold in the place of another's. */
export interface Amendment {
  code: string;
  name: string;
  decision_number: string | null;
  decision_date: string | null;
}

export interface Restriction {
  plan: PlanRef;
  zone: ZoneRef | null;
  area_m2: number | null;
  share_pct: number | null;
  /** Only of a share that applies no more. */
  amended_by?: Amendment[];
}

export interface ThemeAnswer {
  theme: string;
  name: Words;
  /** The law behind the theme. */
  basis: Words[];
  state: State;
  on_whose_word: string | null;
  conflict: boolean;
  conflicts: { plans: string[] }[];
  restrictions: Restriction[];
  /** What amendments have zones of their own in the place of. */
  amended: Restriction[];
  noise: Restriction[];
  /** Ids of the lines that have a say on the subject. */
  lines: number[];
}

export type Side = "inside" | "crosses" | "touches" | "outside";
export type Direction = "N" | "NE" | "E" | "SE" | "S" | "SW" | "W" | "NW";

/** A control line or corridor on the subject or near it. */
export interface LineRef {
  id: number;
  kind: "red_line" | "building_line" | "corridor" | "boundary_marker";
  kind_name: Words;
  code: string | null;
  name: string | null;
  subject_name: Words | null;
  plan_code: string | null;
  half_width_m: number | null;
  setback_m: number | null;
  legal_basis: string | null;
  valid_from: string;
  valid_to: string | null;
  distance_m: number;
  side: Side;
  direction: Direction | null;
  area_m2: number | null;
  share_pct: number | null;
}

/** A finding of the checks that touches the subject. */
export interface Touched {
  case: number | null;
  check: string;
  name: Words;
  severity: Severity;
  area_m2: number;
  width_m: number;
  plan_codes: string[];
  accepted: { by: string; why: string; until: string | null } | null;
}

/** What was decided of plans that lie on each other. */
export interface Decision {
  plans: string[];
  by: string;
  why: string;
  until: string | null;
}

export interface Checks {
  /** Null where the release was not checked for the day. */
  checked_at: string | null;
  findings: Touched[];
  decisions: Decision[];
}

interface Answering<S extends Subject> extends Dated {
  subject: S;
  units: UnitRef[];
  former_units: UnitRef[];
  /** At a point or under an area; of an area the largest. */
  parcels: ParcelRef[];
  parcels_total?: number | null;
  themes: ThemeAnswer[];
  lines: LineRef[];
  /** Where its sheet is proved: the hash, and the question with its day and release; a long outline is left out. */
  verify: string;
  disclaimer: Words;
  hash: string;
  checks: Checks;
}

export type PointAnswer = Answering<PointSubject>;
export type ParcelAnswer = Answering<ParcelSubject>;
export type AreaAnswer = Answering<AreaSubject>;
export type Answer = PointAnswer | ParcelAnswer | AreaAnswer;

/** The documents of mergers: what a unit was made of, what became of it, parcels that ask back. */

import type { Bounds, Dated, Drawn, Unit } from "./documents";

export type Extent = "whole" | "part" | "rest";

export interface Descent {
  code: string | null;
  name: string;
  district: string | null;
  extent: Extent;
  after_clauses: string[];
  resolution: string;
  clause: string;
  effective: string;
  how: string | null;
  share_of_from_pct: number | null;
  share_of_to_pct: number | null;
}

export interface EarlierUnit {
  code: string;
  name: string;
  kind: string;
  district: string | null;
  valid_from: string;
  valid_to: string | null;
}

export interface UnitAnswer extends Dated {
  status: "in_force" | "merged" | "dissolved";
  unit: Unit;
  earlier: EarlierUnit[];
  predecessors: Descent[];
  successors: Descent[];
  now?: { code: string; name: string; share_pct: number | null }[] | null;
}

export interface LineageNode {
  id: string;
  code: string;
  name: string;
  kind: string;
  district: string | null;
  valid_from: string;
  valid_to: string | null;
  in_force: boolean;
  area_km2: number | null;
  bbox: Bounds | null;
}

export interface LineageEdge {
  from: string | null;
  to: string | null;
  event: string;
  resolution: string;
  clause: string;
  effective: string;
  extent: Extent;
  after_clauses: string[];
  area_m2: number | null;
  how: string | null;
  share_of_from_pct: number | null;
  share_of_to_pct: number | null;
  from_name: string;
  from_code: string | null;
  to_name: string;
  to_code: string | null;
}

export interface LineageAnswer extends Dated {
  code: string;
  nodes: LineageNode[];
  edges: LineageEdge[];
  truncated: boolean;
}

export interface LineageShapes {
  features: Drawn<Partial<LineageNode & LineageEdge> & { role: string }>[];
}

export interface MergerList extends Dated {
  mergers: { resolution: string; effective: string; has_report: boolean }[];
}

export interface Candidate {
  code: string | null;
  name: string;
  extent: Extent;
  clause: string;
  resolution: string;
}

export interface ParcelChoice {
  key: string;
  former_code: string;
  former_name: string | null;
  district: string | null;
  commune_name: string | null;
  area_m2: number;
  land_use_code: string | null;
  unknown_part: boolean;
}

export interface ParcelChoices extends Dated {
  asked: { code: string; sheet: number; number: number };
  choices: ParcelChoice[];
}

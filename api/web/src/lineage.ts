/** The descent of a unit as a small tree: what it was made of on the left, what became of it on the right. */

import type { LineageAnswer, LineageEdge, LineageNode } from "./descent";
import { el } from "./dom";
import { day, dayBefore, percent } from "./format";
import type { Reader } from "./reader";

/** One line of the tree: a neighbour, how much of it, by which clause; `others` are where the rest of it went. */
export interface Branch {
  edge: LineageEdge;
  node: LineageNode | null;
  others: { edge: LineageEdge; node: LineageNode | null }[];
}

export interface Tree {
  root: LineageNode;
  before: Branch[];
  after: Branch[];
}

/** The tree around the unit of that code in force on a day (or the last one before it). */
export function treeOf(lineage: LineageAnswer, at: string): Tree | null {
  const versions = lineage.nodes.filter((node) => node.code === lineage.code && node.valid_from <= at);
  const root = versions.sort((one, other) => other.valid_from.localeCompare(one.valid_from))[0];
  if (!root) return null;
  const byId = new Map(lineage.nodes.map((node) => [node.id, node]));
  const find = (id: string | null): LineageNode | null => (id ? byId.get(id) ?? null : null);
  const before = lineage.edges.filter((edge) => edge.to === root.id).map((edge) => ({
    edge,
    node: find(edge.from),
    others: lineage.edges
      .filter((other) => edge.from !== null && other.from === edge.from && other.to !== root.id && other.effective === edge.effective)
      .map((other) => ({ edge: other, node: find(other.to) })),
  }));
  const after = lineage.edges.filter((edge) => edge.from === root.id).map((edge) => ({ edge, node: find(edge.to), others: [] }));
  return { root, before, after };
}

export function lineageTree(tree: Tree, reader: Reader): HTMLElement {
  const { words } = reader;
  return el("section", { class: "lineage" },
    el("h2", {}, words.lineage),
    tree.before.length > 0 && el("h3", {}, words.madeOf),
    tree.before.length > 0 && el("ul", { class: "branches before" }, ...tree.before.map((branch) => branchRow(branch, false, reader))),
    el("p", { class: "trunk", lang: "vi" }, tree.root.name, el("span", { class: "quiet" }, ` ${tree.root.code}`)),
    tree.after.length > 0 && el("h3", {}, words.becameOf),
    tree.after.length > 0 && el("ul", { class: "branches after" }, ...tree.after.map((branch) => branchRow(branch, true, reader))),
  );
}

function branchRow({ edge, node, others }: Branch, forward: boolean, reader: Reader): HTMLElement {
  const { words, language } = reader;
  const name = node?.name ?? (forward ? edge.to_name : edge.from_name);
  const code = forward ? edge.to_code : edge.from_code;
  const at = forward ? null : dayBefore(edge.effective);
  return el("li", {},
    code
      ? el("button", { type: "button", class: "link", lang: "vi", onclick: () => reader.select({ kind: "unit", code, at }) }, name)
      : el("span", { lang: "vi" }, name),
    node?.district && el("span", { class: "quiet", lang: "vi" }, ` (${node.district})`),
    el("span", { class: "extent" }, extentText(edge, reader)),
    el("span", { class: "shares" }, shareText(edge, reader)),
    el("span", { class: "quiet clause" }, words.clause(edge.clause, edge.resolution, day(edge.effective, language))),
    others.length > 0 && el("ul", { class: "others" }, ...others.map((other) => el("li", { lang: "vi" },
      `${words.alsoTo} ${other.node?.name ?? other.edge.to_name}: ${extentText(other.edge, reader)}`))),
  );
}

function extentText({ extent, after_clauses: after }: LineageEdge, { words }: Reader): string {
  return extent === "rest" && after.length > 0 ? `${words.extent.rest} ${words.afterClauses(after.join(", "))}` : words.extent[extent];
}

/** Shares of both sides; a part that nobody has drawn is said to be unknown, never shown as nothing. */
function shareText(edge: LineageEdge, { words, language }: Reader): string {
  const said: string[] = [];
  if (edge.extent !== "whole") said.push(edge.share_of_from_pct === null ? words.partUnknown : words.shareOfFormer(percent(edge.share_of_from_pct, language)));
  if (edge.share_of_to_pct !== null) said.push(words.shareOfNew(percent(edge.share_of_to_pct, language)));
  return said.join(" · ");
}

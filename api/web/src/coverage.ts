/** The coverage view: how much of each commune the plans of a level cover, and what the checks found. */

import { Asking, Refusal, service, type Parameters } from "./api";
import { RATIO_CLASSES, ratioClass, SEVERITY_COLOURS } from "./colours";
import type { CoverageAnswer, CoverageRow, Finding, FindingList, RuleCount, Severity, Words } from "./documents";
import { el, swatch } from "./dom";
import { failureBox } from "./failure";
import { findingGroups } from "./findings";
import { day, number, percent } from "./format";
import { icon } from "./icons";
import { loadingBox } from "./panel";
import type { Reader } from "./reader";
import { inventoryLink, reportLinks } from "./reports";

const ASKED = 5000;
const A_RULE = 200; // so that no rule, however often it is broken, leaves others out

interface Checked {
  coverage: CoverageAnswer;
  findings: Finding[];
  counts: RuleCount[];
}

interface Surroundings {
  body: HTMLElement;
  status: HTMLElement;
  reader(): Reader;
  asked(): Parameters;
  heard(rows: CoverageRow[]): void;
  levelChoice(): HTMLElement;
  showUnit(code: string): void;
  showFinding(finding: Finding): void;
}

export class CoveragePanel {
  private readonly asking = new Asking();
  private readonly content = el("div", { class: "coverage" });
  private shown: (() => void) | null = null;
  private checked: Checked | null = null;
  private level = "general";

  constructor(private readonly around: Surroundings) {}

  /** Ask for the ratios and findings of a level; findings between communes belong to every level. */
  show(level: string, on: string): void {
    const reader = this.around.reader();
    this.checked = null;
    this.level = level;
    this.frame();
    this.render(() => [loadingBox(reader)]);
    void this.asking.ask((signal) => check(level, this.around.asked(), signal), {
      answer: (checked) => {
        this.checked = checked;
        this.around.heard(checked.coverage.rows);
        this.around.status.textContent = reader.words.coverageRows(checked.coverage.rows.length);
        this.render(() => this.page(checked));
      },
      failure: (error) => {
        const retry = (): void => this.show(level, on);
        this.around.heard([]);
        this.shown = retry; // its sentence is in the language of the question
        this.content.replaceChildren(this.failed(error, on, retry));
      },
    });
  }

  /** The same again, after a change of language. */
  rerender(): void {
    this.content.remove();
    this.frame();
    this.shown?.();
    if (this.checked) this.around.heard(this.checked.coverage.rows);
  }

  leave(): void {
    this.asking.giveUp();
    this.content.remove();
  }

  /** What is known of a finding that was touched on the map. */
  finding(id: number): Finding | undefined {
    return this.checked?.findings.find((finding) => finding.id === id);
  }

  /** What a check is called; asked for where none of its findings is among the largest. */
  async title(checkCode: string): Promise<Words | undefined> {
    const listed = this.checked?.findings.find((finding) => finding.check === checkCode);
    if (listed) return listed.title;
    const asked = { ...this.around.asked(), check: checkCode, limit: 1 };
    return service.findings(asked, new AbortController().signal).then(({ findings }) => findings[0]?.title, () => undefined);
  }

  /** Communes by name and plans by code. */
  involved(finding: Finding): string {
    return [...finding.unit_codes.map((code) => this.row(code)?.unit_name ?? code), ...finding.plan_codes].join(", ");
  }

  row(unitCode: string): CoverageRow | undefined {
    return this.checked?.coverage.rows.find((row) => row.unit_code === unitCode);
  }

  /** The way to the printable list of a commune's plans. */
  inventory(row: CoverageRow): HTMLElement {
    return inventoryLink(row.unit_code, row.unit_name ?? row.unit_code, this.around.asked(), this.around.reader());
  }

  /** The choice of level stays where it is while its results change: it may hold the focus. */
  private frame(): void {
    if (this.content.isConnected) return;
    this.around.body.removeAttribute("aria-busy");
    this.around.body.replaceChildren(this.around.levelChoice(), this.content);
  }

  private render(how: () => (HTMLElement | false)[]): void {
    this.shown = () => this.content.replaceChildren(...how().filter((one) => one !== false));
    this.shown();
  }

  private failed(error: unknown, on: string, retry: () => void): HTMLElement {
    const { words, language } = this.around.reader();
    if (!(error instanceof Refusal && error.code === "not-checked")) return failureBox(error, words, retry);
    return el("div", { class: "failure", role: "alert" }, icon("no_data"),
      el("div", {}, el("p", {}, el("strong", {}, words.notChecked)), el("p", {}, words.notCheckedText(day(on, language)))));
  }

  private page({ coverage, findings, counts }: Checked): (HTMLElement | false)[] {
    const { words, language } = this.around.reader();
    const until = coverage.holds_to && day(coverage.holds_to, language);
    return [
      el("p", { class: "quiet" }, words.coverageText, " ", words.coverageHolds(day(coverage.holds_from, language), until)),
      reportLinks(this.level, this.around.asked(), this.around.reader()),
      coverage.rows.length === 0 ? el("p", {}, words.coverageNone) : this.ratios(coverage.rows),
      coverage.undrawn.length > 0 && el("p", {}, icon("no_data"), words.undrawn(coverage.undrawn.length),
        el("span", { lang: "vi" }, coverage.undrawn.map(({ name }) => name).join(", "))),
      el("section", { class: "findings" },
        el("h2", {}, words.findings),
        counts.length > 0 && el("p", { class: "quiet" }, words.findingsByRule(counts.reduce((sum, one) => sum + one.number, 0))),
        findings.length === 0 && el("p", {}, words.noFindings),
        ...findingGroups(findings, counts, this.around.reader(), {
          involved: (finding) => this.involved(finding), show: (finding) => this.around.showFinding(finding),
        })),
    ];
  }

  private ratios(rows: CoverageRow[]): HTMLElement {
    const { words, language } = this.around.reader();
    return el("table", { class: "ratios" },
      el("caption", {}, words.coverageRows(rows.length)),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, words.communeNow), el("th", { scope: "col" }, words.ratio))),
      el("tbody", {}, ...rows.map((row) => el("tr", { "data-unit": row.unit_code },
        el("th", { scope: "row" }, el("button", { type: "button", class: "link", lang: "vi", onclick: () => this.around.showUnit(row.unit_code) }, row.unit_name ?? row.unit_code),
          this.inventory(row)),
        el("td", {}, ratioBar(row), el("span", { class: "ratio" }, percent(row.ratio_pct, language)), targetOf(row, this.around.reader()))))));
  }
}

async function check(level: string, asked: Parameters, signal: AbortSignal): Promise<Checked> {
  const [coverage, ofLevel, ofUnits] = await Promise.all([
    service.coverage({ ...asked, level }, signal),
    service.findings({ ...asked, level, limit: ASKED, per_rule: A_RULE }, signal),
    service.findings({ ...asked, level: "unit", limit: ASKED, per_rule: A_RULE }, signal),
  ] as [Promise<CoverageAnswer>, Promise<FindingList>, Promise<FindingList>]);
  return { coverage, findings: [...ofUnits.findings, ...ofLevel.findings], counts: [...ofUnits.by_rule, ...ofLevel.by_rule] };
}

/** The target of the row where there is one, and whether the ratio falls short of it. */
function targetOf(row: CoverageRow, { words, language }: Reader): HTMLElement | false {
  if (row.target_pct === null) return false;
  const short = row.ratio_pct < row.target_pct;
  return el("span", { class: short ? "target short" : "target" }, words.target(percent(row.target_pct, language), short));
}

function ratioBar(row: CoverageRow): HTMLElement {
  const filled = el("span", {});
  filled.style.width = `${Math.min(100, row.ratio_pct)}%`;
  filled.style.backgroundColor = ratioClass(row.ratio_pct).fill;
  return el("span", { class: "bar", "aria-hidden": "true" }, filled);
}

/** What the colours of the coverage view mean. */
export function coverageLegend({ words, language }: Reader): HTMLElement {
  const bounds = RATIO_CLASSES.map(({ below }) => below);
  const label = (index: number): string => {
    if (index === 0) return percent(0, language);
    if (index === bounds.length - 1) return percent(100, language);
    return words.ratioRange(index === 1 ? "> 0" : number(bounds[index - 1]!, language), `${Math.round(bounds[index]!)} %`);
  };
  return el("ul", { class: "legend-list" },
    ...RATIO_CLASSES.map(({ fill }, index) => el("li", {}, swatch(fill), label(index))),
    ...(Object.keys(SEVERITY_COLOURS) as Severity[]).map((severity) =>
      el("li", { class: `severity-${severity}` }, icon(severity), `${words.findings}: ${words.severity[severity]}`)));
}

"""`quyhoach import availability | carry-over | targets | offices`: what offices state, one row a statement."""

import typer

from api.cli.bringing import bringing
from api.cli.imports.options import Csv, DryRun, Illustration, ReportTo, terms
from layers.ingest.statements import (
    AVAILABILITY_COLUMNS,
    CARRY_OVER_COLUMNS,
    OFFICE_COLUMNS,
    TARGET_COLUMNS,
    bring_in_availability,
    bring_in_carry_over,
    bring_in_offices,
    bring_in_targets,
)
from layers.sources.tables import read_table

app = typer.Typer()


@app.command()
def availability(
    file: Csv, report: ReportTo = None, dry_run: DryRun = False, illustration: Illustration = False
) -> None:
    """Dữ liệu nào đầy đủ, theo lời cơ quan nào. / Which data is complete for which unit: what lets an answer say “none”.

    Columns: theme, unit_code, state (complete, partial, missing), on_whose_word, valid_from, valid_to.
    """
    with bringing(file, report, dry_run=dry_run) as it:
        source = read_table(file, AVAILABILITY_COLUMNS)
        it.result = bring_in_availability(it.session, source, terms(None, None, illustration), it.progress)


@app.command("carry-over")
def carry_over(file: Csv, report: ReportTo = None, dry_run: DryRun = False, illustration: Illustration = False) -> None:
    """Đồ án của đơn vị cũ: giữ, thay thế, hết hạn hay chưa quyết định. / What became of each plan at a merger.

    Columns: plan_code, resolution, effective, decision (kept, replaced, expired, undecided), basis.
    """
    with bringing(file, report, dry_run=dry_run) as it:
        source = read_table(file, CARRY_OVER_COLUMNS)
        it.result = bring_in_carry_over(it.session, source, terms(None, None, illustration), it.progress)


@app.command()
def targets(file: Csv, report: ReportTo = None, dry_run: DryRun = False, illustration: Illustration = False) -> None:
    """Chỉ tiêu phủ kín theo cấp, của mọi xã, phường hoặc của một xã. / How much of a commune each level is to cover.

    Columns: **level**, unit_code (empty: every commune), **target_pct**, **on_whose_word**, **valid_from**, valid_to.
    """
    with bringing(file, report, dry_run=dry_run) as it:
        source = read_table(file, TARGET_COLUMNS)
        it.result = bring_in_targets(it.session, source, terms(None, None, illustration), it.progress)


@app.command()
def offices(file: Csv, report: ReportTo = None, dry_run: DryRun = False, illustration: Illustration = False) -> None:
    """Cơ quan nào nay chịu trách nhiệm thay cơ quan đã phê duyệt. / Who answers today for what an office approved.

    Columns: **name** (as plans name their approver), **name_now**, **basis** (the decision), **valid_from**, valid_to.
    """
    with bringing(file, report, dry_run=dry_run) as it:
        source = read_table(file, OFFICE_COLUMNS)
        it.result = bring_in_offices(it.session, source, terms(None, None, illustration), it.progress)

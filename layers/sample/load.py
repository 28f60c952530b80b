"""Bringing the sample province in, through the same doors as a department's own files."""

from datetime import date
from pathlib import Path

from layers.documents.recognising import recognised
from layers.documents.shelf import open_shelf
from layers.ingest.delivery import Delivery, Wish
from layers.ingest.intake import Terms
from layers.ingest.mergers import COLUMNS, MergerTerms, bring_in_mergers
from layers.ingest.parcels import bring_in_parcels
from layers.ingest.plans import Sources, bring_in_plans
from layers.ingest.statements import (
    AVAILABILITY_COLUMNS,
    CARRY_OVER_COLUMNS,
    OFFICE_COLUMNS,
    bring_in_availability,
    bring_in_carry_over,
    bring_in_offices,
)
from layers.ingest.units import bring_in_units
from layers.sample import SampleFiles, generate
from layers.sample.papers import decision
from layers.sources.facts import Reading
from layers.sources.tables import read_table
from layers.sources.vector import read
from planning.coverage.widths import NOISE_M
from planning.documents import Described
from planning.mergers.document import document
from planning.mergers.impact import impact
from planning.periods import today
from planning.settings import Settings
from planning.store.auditing import Asked, audited
from planning.store.copying import Progress
from planning.store.documents import Stored, attach
from planning.store.events import current_view, events_on_record
from planning.store.merging import keep_report
from planning.store.records import Scope, plans_in_force
from planning.store.releases import Release, publish
from planning.store.session import WriteSession, writing
from planning.store.situations import situation_of

MERGED = date(2025, 7, 1)
FORMER = Terms(date(2020, 1, 1), MERGED, illustration=True)
NEW = Terms(MERGED, None, illustration=True)
PARCELS = Terms(date(2020, 1, 1), None, illustration=True)
NOTE = "Tỉnh mẫu (minh họa) / sample province (illustration)"


def load(settings: Settings, folder: Path, *, parcels: int, zones: int, seed: int, progress: Progress) -> Release:
    """Make the files, bring them in, publish and check them: one transaction, so a broken-off load leaves nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    files = generate(folder, parcels=parcels, zones=zones, seed=seed, progress=progress)
    with writing(settings) as session:
        _bring_in(session, files, progress)
        _attach_decisions(session, folder, settings)
        _keep_reports(session, progress)
        release = publish(session, NOTE)
        audited(session, Scope(release.number, today()), Asked(NOISE_M), progress)
        return release


def _bring_in(session: WriteSession, files: SampleFiles, progress: Progress) -> None:
    whole = Reading()
    for path in (files.former_units_a, files.former_units_b):
        bring_in_units(session, read(path, whole), FORMER, progress)
    bring_in_units(session, read(files.new_units, whole), NEW, progress)
    bring_in_mergers(session, read_table(files.mergers, COLUMNS), MergerTerms(MERGED, illustration=True), progress)
    for path in (files.plans_a_earlier, files.plans_a, files.plans_b):
        sources = Sources(read(path, Reading(layer="plan")), Delivery.opened(path, Wish(Reading(layer="zone"))))
        bring_in_plans(session, sources, Terms(illustration=True), progress)
    for path in (files.parcels_a, files.parcels_b):
        bring_in_parcels(session, Delivery.opened(path, Wish()), PARCELS, progress)
    terms = Terms(illustration=True)
    bring_in_availability(session, read_table(files.availability, AVAILABILITY_COLUMNS), terms, progress)
    bring_in_carry_over(session, read_table(files.carry_over, CARRY_OVER_COLUMNS), terms, progress)
    bring_in_offices(session, read_table(files.offices, OFFICE_COLUMNS), terms, progress)


def _attach_decisions(session: WriteSession, folder: Path, settings: Settings) -> None:
    """The general plans get a decision, an illustration too, and lack their other documents."""
    path = folder / "quyet-dinh-minh-hoa.pdf"
    path.write_bytes(decision())
    found = recognised(path, settings.document_mb)
    open_shelf(settings.file_store).put(found.sha256, found.content)
    stored = Stored(found.name, found.media_type, len(found.content), found.sha256, found.flags)
    scope = Scope(current_view(session), today(), level="general")
    for plan in plans_in_force(session, scope):
        said = Described(plan.code, "decision", "Quyết định (minh họa)", plan.decision_number, plan.decision_date)
        attach(session, said, stored)


def _keep_reports(session: WriteSession, progress: Progress) -> None:
    """The impact of each resolution, as `quyhoach merge report` keeps it."""
    view = current_view(session)
    for resolution in sorted({event.resolution for event in events_on_record(session, view)}):
        situation = situation_of(session, events_on_record(session, view, resolution), view)
        keep_report(session, document(impact(situation, progress)), situation, view)

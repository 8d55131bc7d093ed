"""A table for people, as a terminal shows it."""
from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from importbot.journal.records import Past, RunList, RunRecord
from importbot.model.check_report import CheckReport
from importbot.model.health import HealthReport
from importbot.model.install_plan import InstallPlan
from importbot.model.plan import Plan
from importbot.model.report import Report, UndoReport
from importbot.model.undo_plan import UndoPlan
from importbot.reports.formats import Format, Told
from importbot.reports.terminal.check import check_parts
from importbot.reports.terminal.diffs import cleanup_diffs, held_diffs
from importbot.reports.terminal.health import health_line
from importbot.reports.terminal.install import (
    install_failures,
    install_table,
)
from importbot.reports.terminal.overview import overview_parts
from importbot.reports.terminal.runs import past_table, run_parts, runs_table
from importbot.reports.terminal.tables import lines
from importbot.reports.texts import CleanedTexts, HeldTexts
from importbot.reports.words.changes import AnyPlan, AnyReport


__all__ = ('FORMAT', )

FORMAT = Format('table', ('.txt', ))


@FORMAT.renders(Plan, UndoPlan, Report, UndoReport)
def _change(thing: AnyPlan | AnyReport, told: Told) -> list[RenderableType]:
    return [*overview_parts(thing, told.language, everything=True),
            *lines(_diffs(told))]


def _diffs(told: Told) -> Iterator[str]:
    yield from held_diffs(texts for texts in told.compared
                          if isinstance(texts, HeldTexts))
    yield from cleanup_diffs(texts for texts in told.compared
                             if isinstance(texts, CleanedTexts))


@FORMAT.renders(RunList)
def _runs(listed: RunList, told: Told) -> list[RenderableType]:
    return [runs_table(listed, told.language)]


@FORMAT.renders(RunRecord)
def _run(record: RunRecord, told: Told) -> list[RenderableType]:
    return run_parts(record, told.language, everything=told.everything)


@FORMAT.renders(Past)
def _past(past: Past, told: Told) -> list[RenderableType]:
    return [past_table(past, told.language)]


@FORMAT.renders(InstallPlan)
def _installation(plan: InstallPlan, _told: Told) -> list[RenderableType]:
    return [install_table(plan), *lines(install_failures(plan))]


@FORMAT.renders(CheckReport)
def _check(report: CheckReport, told: Told) -> list[RenderableType]:
    return check_parts(report, told.language)


@FORMAT.renders(HealthReport)
def _health(report: HealthReport, _told: Told) -> str:
    return health_line(report)

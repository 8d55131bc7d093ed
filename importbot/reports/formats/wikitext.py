"""Wikitext, for a page of a wiki."""
from __future__ import annotations

from collections.abc import Iterable

from importbot.journal.records import Past, RunList, RunRecord
from importbot.model.check_report import CheckReport
from importbot.model.install_plan import InstallPlan
from importbot.model.plan import Plan
from importbot.model.report import Report, UndoReport
from importbot.model.undo_plan import UndoPlan
from importbot.reports.formats import Format, Told
from importbot.reports.texts import HeldTexts
from importbot.reports.wikitext.check import check_wikitext
from importbot.reports.wikitext.diffs import compared_diffs
from importbot.reports.wikitext.install import install_wikitext
from importbot.reports.wikitext.overview import overview_wikitext
from importbot.reports.wikitext.runs import (
    past_wikitext,
    run_wikitext,
    runs_wikitext,
)


__all__ = ('FORMAT', )

FORMAT = Format('wikitext', ('.wiki', '.wikitext'))


def _text(lines: Iterable[str]) -> str:
    return '\n'.join([*lines, ''])


@FORMAT.renders(Plan, Report)
def _import(thing: Plan | Report, told: Told) -> str:
    plan = thing.plan if isinstance(thing, Report) else thing
    return _text(overview_wikitext(
        thing, told.language, compared_diffs(
            plan.pages, [texts for texts in told.compared
                         if isinstance(texts, HeldTexts)],
            plan.source.prefix or '', told.language)))


@FORMAT.renders(UndoPlan, UndoReport)
def _undo(thing: UndoPlan | UndoReport, told: Told) -> str:
    return _text(overview_wikitext(thing, told.language))


@FORMAT.renders(RunList)
def _runs(listed: RunList, told: Told) -> str:
    return runs_wikitext(listed, told.language)


@FORMAT.renders(RunRecord)
def _run(record: RunRecord, told: Told) -> str:
    return run_wikitext(record, told.language)


@FORMAT.renders(Past)
def _past(past: Past, told: Told) -> str:
    return past_wikitext(past, told.language)


@FORMAT.renders(InstallPlan)
def _installation(plan: InstallPlan, told: Told) -> str:
    return _text(install_wikitext(plan, told.language))


@FORMAT.renders(CheckReport)
def _check(report: CheckReport, told: Told) -> str:
    return _text(check_wikitext(report, told.language))

"""A page to look at, one file that needs nothing else."""
from __future__ import annotations

import codecs

from importbot.journal.records import Past, RunList, RunRecord
from importbot.journal.reports import details_of_record, report_of_record
from importbot.model.check_report import CheckReport
from importbot.model.errors import UsageError
from importbot.model.install_plan import InstallPlan
from importbot.model.plan import Plan
from importbot.model.problems import Problem
from importbot.model.report import Report, UndoReport
from importbot.model.undo_plan import UndoPlan
from importbot.reports.formats import Format, Told, with_references
from importbot.reports.words.changes import AnyPlan, AnyReport


__all__ = ('FORMAT', )


def _fitted(text: str, encoding: str) -> str:
    """Return a page that any encoding has, but for the one that it names."""
    is_named = codecs.lookup(encoding).name == 'utf-8'
    return with_references(text, encoding if is_named else 'ascii')


FORMAT = Format('html', ('.html', '.htm'), _fitted)


@FORMAT.renders(Plan, UndoPlan, Report, UndoReport)
def _report(report: AnyReport | AnyPlan, told: Told) -> str:
    from importbot.reports.html.report import report_html
    return report_html(report, told.language, diffs=told.compared,
                       details=told.details, beside=told.beside)


@FORMAT.renders(RunList)
def _runs(listed: RunList, told: Told) -> str:
    from importbot.reports.html.runs import runs_html
    # There is no folder with reports beside it.
    return runs_html(listed.runs, told.language, alone=True)


@FORMAT.renders(RunRecord)
def _run(record: RunRecord, told: Told) -> str:
    from importbot.reports.html.report import report_html
    try:
        report = report_of_record(record)
    except (KeyError, TypeError, ValueError):
        raise UsageError(Problem('not-written-as-html',
                                 run=record.summary.run)) from None
    return report_html(report, told.language,
                       details=details_of_record(record))


@FORMAT.renders(Past)
def _past(past: Past, told: Told) -> str:
    from importbot.reports.html.runs import past_html
    return past_html(past, told.language)


@FORMAT.renders(InstallPlan)
def _installation(plan: InstallPlan, told: Told) -> str:
    from importbot.reports.html.install import install_html
    return install_html(plan, told.language)


@FORMAT.renders(CheckReport)
def _check(report: CheckReport, told: Told) -> str:
    from importbot.reports.html.check import check_html
    return check_html(report, told.language)

"""Bring pages from one MediaWiki to another, and only what they need.

The whole way in Python::

    plan = make_plan([pywikibot.Page(source_site, 'Rover')], target_site)
    report = apply_plan(plan, target_site, Journal('importbot.sqlite'))
    text = report_html(report, 'en')

or the bare import action of a site, without plan or journal::

    pages = Importer(target_site).from_wiki('en', 'Rover')

and what a run brought, for scripts that go on with it::

    for page in ImportedPages(role='requested'):
        ...

and the way back::

    undo = make_undo_plan(report.run, target_site, journal)
    results = apply_undo(undo, target_site, journal)

Whatever is wrong is an :class:`ImportbotError`; all of them are here.
"""
from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from importbot.applying.apply import apply_plan
    from importbot.journal.imported import ImportedPages
    from importbot.journal.journal import Journal
    from importbot.model.errors import (
        BundleError,
        CleanUpError,
        ConfigurationError,
        EditConflictError,
        EditError,
        FetchError,
        HiddenTextError,
        ImportbotError,
        ImportRefusedError,
        JournalError,
        LeaseHeldError,
        NoAnswerError,
        NotAllowedError,
        NotASourceError,
        PageParameterError,
        PlanChangedError,
        PreflightError,
        RenamedParameterError,
        ServerFailureError,
        SourceChangedError,
        SourceError,
        TagError,
        TargetError,
        TransformedTextError,
        UnavailableError,
        UntrustedTextError,
        UploadError,
        UsageError,
    )
    from importbot.model.plan import Plan, PlannedPage
    from importbot.model.policy import Policy
    from importbot.model.report import PageResult, Report
    from importbot.model.undo_plan import UndoPlan
    from importbot.planning.plan import make_plan
    from importbot.reports.html import report_html
    from importbot.undoing.plan import make_undo_plan
    from importbot.undoing.undo import apply_undo
    from importbot.wikis.importer import Importer


__version__ = '0.1.0'

__all__ = (
    'BundleError', 'CleanUpError', 'ConfigurationError',
    'EditConflictError', 'EditError', 'FetchError', 'HiddenTextError',
    'ImportRefusedError', 'ImportbotError', 'ImportedPages', 'Importer',
    'Journal', 'JournalError', 'LeaseHeldError', 'NoAnswerError',
    'NotASourceError', 'NotAllowedError', 'PageParameterError',
    'PageResult', 'Plan', 'PlanChangedError', 'PlannedPage', 'Policy',
    'PreflightError', 'RenamedParameterError', 'Report',
    'ServerFailureError', 'SourceChangedError', 'SourceError', 'TagError',
    'TargetError', 'TransformedTextError', 'UnavailableError', 'UndoPlan',
    'UntrustedTextError', 'UploadError', 'UsageError', 'apply_plan',
    'apply_undo', 'make_plan', 'make_undo_plan', 'report_html')

#: Where they live; errors have one home.
_ERRORS = 'importbot.model.errors'
_HOMES = {'ImportedPages': 'importbot.journal.imported',
          'Importer': 'importbot.wikis.importer',
          'Journal': 'importbot.journal.journal',
          'PageResult': 'importbot.model.report',
          'Plan': 'importbot.model.plan',
          'PlannedPage': 'importbot.model.plan',
          'Policy': 'importbot.model.policy',
          'Report': 'importbot.model.report',
          'UndoPlan': 'importbot.model.undo_plan',
          'apply_plan': 'importbot.applying.apply',
          'apply_undo': 'importbot.undoing.undo',
          'make_plan': 'importbot.planning.plan',
          'make_undo_plan': 'importbot.undoing.plan',
          'report_html': 'importbot.reports.html'}


if not TYPE_CHECKING:  # or every name would be there, of type Any
    def __getattr__(name: str) -> object:
        """Import the public names when they are asked for.

        pywikibot reads its configuration when it is imported, and the
        sandbox has to run before there is one.
        """
        from importlib import import_module

        if name not in __all__:
            raise AttributeError(
                f'module {__name__!r} has no attribute {name!r}')
        return getattr(import_module(_HOMES.get(name, _ERRORS)), name)

"""``pwb importruns -health``: a line and an exit status for a monitor."""
from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from importbot.commands.exit_status import FAILED, ON_HOLD
from importbot.commands.importruns.printing import printed
from importbot.journal import tables
from importbot.journal.health import journal_health, wiki_health, wikis_of
from importbot.journal.journal import now
from importbot.journal.location import open_journal
from importbot.model.errors import JournalError, first_line
from importbot.model.health import (
    Finding,
    HealthKind,
    HealthReport,
    JournalHealth,
)
from importbot.rules.health import findings_of_journal, findings_of_wiki


__all__ = ('tell_health', )

_STATUS = {'ok': 0, 'attention': ON_HOLD, 'wrong': FAILED}


def tell_health(url: str, hours: int, form: str, api: str) -> int:
    """Tell how the bot is; the journal alone is asked.

    :param url: of the journal
    :param hours: since the last good pass, that are too many
    :param form: name of a format
    :param api: address of the wiki's API, empty for all that had a pass
    :return: exit status
    """
    report = health_of(url, hours, api)
    printed(report, form)
    return _STATUS[report.state]


def health_of(url: str, hours: int, api: str) -> HealthReport:
    """Return how the bot is.

    :param url: of the journal
    :param hours: since the last good pass, that are too many
    :param api: address of the wiki's API, empty for all that had a pass
    """
    at = now()
    try:
        with closing(open_journal(url, reads_only=True)) as journal:
            itself = journal_health(journal)
            wikis = [wiki_health(journal, one) for one in (
                [api] if api else wikis_of(journal))]
    except JournalError as error:
        return HealthReport(at, JournalHealth(), findings=(
            Finding(HealthKind.JOURNAL, first_line(error)), ))
    findings = [*findings_of_journal(itself, tables.SCHEMA_VERSION)]
    if not wikis:
        findings.append(Finding(HealthKind.NO_PASS,
                                'no pass of importrequests is recorded'))
    return HealthReport(at, itself, tuple(
        replace(wiki, findings=tuple(findings_of_wiki(wiki, at, hours)))
        for wiki in wikis), tuple(findings))

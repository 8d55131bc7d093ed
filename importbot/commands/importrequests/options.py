"""The command line of ``pwb importrequests``."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from importbot.commands.command_line import read_known
from importbot.commands.option_values import values_of
from importbot.model.option import REQUESTS


__all__ = ('RequestsOptions', 'read_requests_options')


@dataclass(frozen=True)
class RequestsOptions:

    """The command line of ``pwb importrequests``.

    :param page: full title of the one request page to work through
    :param configpage: full title of the configuration page
    :param watch: seconds between passes, 0 for one pass
    :param failonce: whether the exit status is that of a failure only when
        the failure is told
    :param install: whether to install the kit instead
    :param journal: URL of the journal
    :param serverlimit: seconds after which the wiki is not at work on a
        request any more
    :param always: whether to install without asking
    :param reports: files for what is installed
    """

    page: str
    configpage: str
    watch: int
    failonce: bool
    install: bool
    journal: str
    serverlimit: int
    always: bool
    reports: tuple[Path, ...] = ()


def read_requests_options(arguments: Iterable[str],
                          ) -> RequestsOptions | None:
    """Read the command line.

    :param arguments: what pywikibot's global options left over
    :return: None if there is an option that nobody knows
    :raises UsageError: a value that does not make sense
    """
    line = read_known(REQUESTS, arguments)
    return None if line is None else RequestsOptions(
        **values_of(REQUESTS, line.given), reports=tuple(line.reports))

"""The command that works through the request pages of a wiki."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pywikibot
from pywikibot.site import APISite

from importbot.commands.command_line import read_known
from importbot.commands.exit_status import FAILED, INTERRUPTED, tell
from importbot.commands.importrequests.install import InstallBot
from importbot.commands.option_values import values_of
from importbot.journal.journal import Journal
from importbot.journal.leases import acquire_pass
from importbot.journal.location import open_journal
from importbot.journal.requests import RequestLog
from importbot.model.errors import (
    ImportbotError,
    LeaseHeldError,
    first_line,
)
from importbot.model.option import REQUESTS
from importbot.reports.terminal.progress import ProgressBar
from importbot.requestpages.passes.context import open_context
from importbot.requestpages.passes.run import RequestPass
from importbot.requestpages.passes.stop import Stop
from importbot.wikis.network import writing_while
from importbot.wikis.wiki import Wiki


__all__ = ('TASK', 'RequestsOptions', 'read_requests_options',
           'work_through')

#: Name of the line of health in the journal.
TASK = 'importrequests'


@dataclass(frozen=True)
class RequestsOptions:

    """The command line of ``pwb importrequests``.

    :param page: full title of the one request page to work through
    :param configpage: full title of the configuration page
    :param watch: seconds between passes, 0 for one pass
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


def work_through(options: RequestsOptions) -> int:
    """Work through the request pages, once or again and again.

    :param options: the command line
    :return: exit status
    :raises ImportbotError: it cannot be done
    """
    site = cast(APISite, pywikibot.Site())
    if options.install:
        return InstallBot(site, options.configpage, options.reports,
                          always=options.always).carry_out()
    journal, stop = open_journal(options.journal), Stop()
    with stop.on_signals():
        while True:
            status = _pass(site, options, journal, stop)
            # Databases shared by many do not like idle connections.
            journal.close()
            if not options.watch or stop.rest(options.watch):
                break
            stop.reason = ''
    if stop.is_interrupt:
        return INTERRUPTED
    # Told to stop, it stopped, whatever the pass before was like.
    return 0 if stop.is_signalled else status


def _pass(site: APISite, options: RequestsOptions, journal: Journal,
          stop: Stop) -> int:
    """Make one pass, and write the line of health."""
    try:
        with _alone(site, journal, stop), ProgressBar() as bar:
            def progress(what: str, pages: int) -> None:
                stop.work()
                bar.show(what, pages)

            context = open_context(
                site, journal, stop, configuration_page=options.configpage,
                only=options.page, server_limit=options.serverlimit,
                progress=progress,
                simulate=bool(pywikibot.config.simulate))
            request_pass = RequestPass(context)
            request_pass.work()
    except KeyboardInterrupt:
        if stop.is_interrupt or not stop.is_signalled:
            raise
        # SIGTERM while a wiki took its time for an answer.
        pywikibot.info(f'Stopped: {stop.reason}')
        _record(site, journal, 'stopped', stop.reason)
        return 0
    except ImportbotError as error:
        # The line of health is that of the pass which is under way.
        if not isinstance(error, LeaseHeldError):
            _record(site, journal, 'error', first_line(error))
        if not options.watch:
            raise
        tell(error)
        return FAILED
    done = (f'requests treated: {request_pass.treated}, '
            f'failed: {request_pass.failed}')
    if stop.reason:
        pywikibot.info(f'Stopped: {stop.reason}; {done}')
        _record(site, journal, 'stopped', f'{stop.reason}; {done}')
        # Told to stop, it stopped: that is no failure.
        return 0
    pywikibot.info(f'Pass ended: {done}')
    _record(site, journal, 'error' if request_pass.failed else 'ok', done)
    return FAILED if request_pass.failed else 0


@contextmanager
def _alone(site: APISite, journal: Journal, stop: Stop) -> Iterator[None]:
    """Hold the lease of the request pages, unless nothing is written.

    :raises LeaseHeldError: another bot holds it, or took it over
    """
    if pywikibot.config.simulate:
        yield
        return

    def sleep(seconds: float) -> None:
        if stop.rest(seconds):
            raise KeyboardInterrupt

    lease = acquire_pass(journal, Wiki(site).api, sleep)
    stop.hold(lease)
    try:
        with writing_while(lease.heartbeat):
            yield
    finally:
        stop.hold(None)
        lease.release()


def _record(site: APISite, journal: Journal, state: str,
            detail: str) -> None:
    if not pywikibot.config.simulate:
        RequestLog(journal, Wiki(site).api).passed(TASK, state, detail)

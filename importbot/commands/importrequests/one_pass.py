"""One pass over the request pages of a wiki, and what is told of it."""
from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pywikibot
from pywikibot.site import APISite

from importbot.commands.exit_status import FAILED, tell
from importbot.commands.importrequests.job_output import JobOutput
from importbot.commands.importrequests.options import RequestsOptions
from importbot.commands.offline import default_api, reached_site
from importbot.journal.alarms import Alarms
from importbot.journal.journal import Journal, now
from importbot.journal.leases import acquire_pass
from importbot.journal.passes import TASK, Made, PassLog
from importbot.model.errors import (
    ConfigurationError,
    ImportbotError,
    LeaseHeldError,
    TargetError,
    UntrustedTextError,
    first_line,
)
from importbot.model.health import LACKS_RIGHT
from importbot.model.printable import printable
from importbot.reports.terminal.progress import ProgressBar
from importbot.reports.terminal.remedies import with_remedy
from importbot.reports.terminal.watched import is_watched
from importbot.requestpages.passes.configuration_talk import (
    ConfigurationTalk,
)
from importbot.requestpages.passes.context import PassContext, open_context
from importbot.requestpages.passes.run import RequestPass
from importbot.requestpages.passes.stop import Stop
from importbot.sources.preflight import keeps_from_work
from importbot.wikis.network import writing_while
from importbot.wikis.wiki import Wiki


__all__ = ('OnePass', )


#: Of what went wrong, in a line of the log.
_LINES = 3


class OnePass:

    """Makes a pass, tells what it came to and writes that down.

    :param options: of the command line
    :param journal: where all is recorded
    :param stop: asked whether to go on
    """

    def __init__(self, options: RequestsOptions, journal: Journal,
                 stop: Stop) -> None:
        self._options = options
        self._journal = journal
        self._stop = stop
        self._api = default_api()
        self._log = PassLog(journal, self._api, TASK)
        self._alarms = Alarms(self._journal, self._api)
        self._is_simulated = bool(pywikibot.config.simulate)
        self._lacks = ''
        self._begun = now(), time.monotonic()

    def make(self) -> int:
        """Make it; return an exit status."""
        output = JobOutput(self._alarms)
        with output.around():
            made = self._made()
            if made is None:
                return 0 if self._options.failonce else FAILED
            self._tell(made, output)
        if made.state != 'error':
            return 0
        return FAILED if output.has_told or not self._options.failonce else 0

    def _made(self) -> Made | None:
        """Return what it came to, None if another one is under way."""
        request_pass: RequestPass | None = None
        try:
            with self._alone(), ProgressBar() as bar:
                request_pass = RequestPass(self._context(
                    reached_site(), bar))
                request_pass.work()
        except KeyboardInterrupt:
            if self._stop.is_interrupt or not self._stop.is_signalled:
                raise
            # SIGTERM while a wiki took its time for an answer.
            return _of('stopped', self._stop.reason, request_pass)
        except LeaseHeldError as error:
            # What is written down is that of the pass which is under way;
            # a long import is no reason for a mail.
            if is_watched():
                tell(error)
            else:
                pywikibot.stdout(printable(f'pass: not made. {error}'))
            return None
        except ImportbotError as error:
            return self._failed(error, request_pass)
        except (pywikibot.exceptions.Error, ConnectionError) as error:
            return self._failed(TargetError(
                f'The target wiki cannot be used: {first_line(error)}; see '
                'user-config.py and whether the wiki is up'), request_pass)
        done = (f'requests treated: {request_pass.treated}, '
                f'failed: {request_pass.failed}')
        if self._stop.reason:
            # Told to stop, it stopped: that is no failure.
            return _of('stopped', f'{self._stop.reason}; {done}',
                       request_pass)
        return _of('error' if request_pass.failed else 'ok', done,
                   request_pass, request_pass.waiting(), self._lacks)

    def _context(self, site: APISite, bar: ProgressBar) -> PassContext:
        def progress(what: str, pages: int) -> None:
            self._stop.work()
            bar.show(what, pages)

        talk = ConfigurationTalk(Wiki(site), self._alarms)
        try:
            context = open_context(
                site, self._journal, self._stop,
                configuration_page=self._options.configpage,
                only=self._options.page,
                server_limit=self._options.serverlimit,
                progress=progress, simulate=self._is_simulated)
        except (ConfigurationError, UntrustedTextError) as error:
            if not self._is_simulated:
                talk.broken(error, self._options.configpage)
            raise
        if not self._is_simulated:
            talk.doubtful(context, self._options.configpage)
            talk.good()
        for problem in keeps_from_work(context.access):
            self._lacks = LACKS_RIGHT
            pywikibot.warning(printable(with_remedy(problem)))
        return context

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lease of the request pages, unless nothing is written.

        :raises LeaseHeldError: another bot holds it, or took it over
        """
        if self._is_simulated:
            yield
            return

        def sleep(seconds: float) -> None:
            if self._stop.rest(seconds):
                raise KeyboardInterrupt

        lease = acquire_pass(self._journal, self._api, sleep)
        self._stop.hold(lease)
        try:
            with writing_while(lease.heartbeat):
                yield
        finally:
            self._stop.hold(None)
            lease.release()

    def _failed(self, error: ImportbotError,
                request_pass: RequestPass | None) -> Made:
        tell(error)
        return _of('error', ' '.join(str(error).splitlines()[:_LINES]),
                   request_pass, cause=type(error).__name__)

    def _tell(self, made: Made, output: JobOutput) -> None:
        """Say what it came to, and write it down."""
        before = self._log.failing()
        began, clock = self._begun
        pywikibot.stdout(_line(made, time.monotonic() - clock))
        if self._is_simulated:
            return
        self._log.record(began, made)
        self._alarms.save()
        if made.state == 'ok' and before.count and any(
                alarm.told >= before.since
                for alarm in self._alarms.standing):
            output.say(f'Good again: {before.count} '
                       f'pass{"es" * (before.count != 1)} had failed since '
                       f'{before.since}')


def _of(state: str, detail: str, request_pass: RequestPass | None,
        waiting: int = 0, cause: str = '') -> Made:
    if request_pass is None:
        return Made(state=state, detail=detail, cause=cause)
    return Made(
        state=state, detail=detail, cause=cause, waiting=waiting,
        looked_at=request_pass.looked_at, imported=request_pass.imported,
        failed=request_pass.failed)


def _line(made: Made, seconds: float) -> str:
    """Return the line that a log has of a pass."""
    parts = [f'{made.looked_at} request{"s" * (made.looked_at != 1)} '
             'looked at']
    parts += [f'{count} {what}' for count, what in (
        (made.imported, 'imported'), (made.waiting, 'wait'),
        (made.failed, 'failed')) if count]
    line = f'pass: {", ".join(parts)}, {seconds:.1f} s'
    return line if made.state == 'ok' else {
        'stopped': f'{line}; stopped: {made.detail}',
        'error': f'{line}; {made.detail}'}[made.state]

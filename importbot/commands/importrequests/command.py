"""The command that works through the request pages of a wiki."""
from __future__ import annotations

from importbot.commands.exit_status import INTERRUPTED
from importbot.commands.importrequests.install import InstallBot
from importbot.commands.importrequests.one_pass import OnePass
from importbot.commands.importrequests.options import RequestsOptions
from importbot.commands.offline import reached_site
from importbot.journal.location import open_journal
from importbot.requestpages.passes.stop import Stop


__all__ = ('work_through', )


def work_through(options: RequestsOptions) -> int:
    """Work through the request pages, once or again and again.

    :param options: the command line
    :return: exit status
    :raises ImportbotError: it cannot be done
    """
    if options.install:
        return InstallBot(reached_site(), options.configpage,
                          options.reports, always=options.always).carry_out()
    journal, stop = open_journal(options.journal), Stop()
    with stop.on_signals():
        while True:
            status = OnePass(options, journal, stop).make()
            # Databases shared by many do not like idle connections.
            journal.close()
            if not options.watch or stop.rest(options.watch):
                break
            stop.reason = ''
    if stop.is_interrupt:
        return INTERRUPTED
    # Told to stop, it stopped, whatever the pass before was like.
    return 0 if stop.is_signalled else status

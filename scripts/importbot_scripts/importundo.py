#!/usr/bin/env python3
"""Undo a run of importpages, importdump or importrequests.

The bot looks first at what the run did, by its journal, and at what the
wiki has now, and shows its plan: one decision for every page. Nothing is
written before you say yes.

    pwb importundo RUN [OPTION...]

RUN is the number that the summary of the run named; importruns lists them.
The wiki is pywikibot's default site.

&which;

Pages that the run created and nobody edited since are deleted; pages whose
text it replaced get the text before back, by an edit. What others edited
since, and what the bot may not do, is left alone and listed, with what a
person can do. Revisions that came into the history of a page that was there
before stay there, unless the wiki can move them out again (MediaWiki 1.45, and
the right "mergehistory"); its text is what counts.

Your account needs the right "delete". Without it:

&marking;

What the bot does:

&plan;
&logs;
-simulate         the same with all checks, and nothing is ever written
&run;
&journal;

To undo a run twice is no error: what is done is not done again. An undo
that was cut is resumed by the same command.

Exit status: 0 all as planned (with -plan: nothing to do) - 1 the bot could
not do its work, or a page failed - 2 with -plan: there is work to do - 3
pages are left to a person, the rest went as planned - 130 interrupted.

Examples:

    pwb importundo 12 -simulate
    pwb importundo 12
"""
from __future__ import annotations

import sys
from pathlib import Path


try:
    import importbot  # noqa: F401
except ModuleNotFoundError:  # a checkout, found by user_script_paths
    sys.path.insert(0, str(Path(__file__).parents[2]))

from importbot.commands.arguments import arguments_of
from importbot.commands.exit_status import FAILED, guarded
from importbot.commands.help_text import option_help
from importbot.commands.importundo import UndoBot, read_undo_options


docuReplacements = option_help(UndoBot.script)


def main(*args: str) -> int:
    """Process command line arguments and invoke the bot.

    If args is an empty list, sys.argv is used.

    :param args: command line arguments
    :return: exit status
    """
    def work() -> int:
        options = read_undo_options(arguments_of(args))
        return FAILED if options is None else UndoBot.of(options).carry_out()

    return guarded(work)


if __name__ == '__main__':
    sys.exit(main())

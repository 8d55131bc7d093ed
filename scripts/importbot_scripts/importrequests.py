#!/usr/bin/env python3
"""Work through the request pages of a wiki: plan, ask, import, answer.

People ask for pages with a template on a request page of the wiki. The bot
plans every request and answers below it; somebody with the right to agree
sets the request to "approved"; the next pass imports what was approved,
reads it back and says what became of it.

    pwb importrequests [OPTION...]

One pass, meant to be started every ten minutes or so. The wiki is
pywikibot's default site. What it allows is said on its configuration page,
JSON that only trusted users can edit; see the documentation for operators.

&pass;
-simulate         say what would be done, and write nothing
&run;
&journal;

The stop page of the wiki stops the bot between any two pages; so does
SIGTERM. What was begun is resumed by the next pass.

Exit status: 0 every request was answered, or the bot was told to stop - 1 the
bot could not do its work, or a request could not be treated - 2 with -install
and -simulate: there is something to write - 3 with -install: a person has to
write a page where the bot may not - 130 interrupted by Ctrl-C.

Examples:

What every job starts:

    pwb importrequests

Set a wiki up, looking first:

    pwb importrequests -install -simulate
    pwb importrequests -install
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
from importbot.commands.importrequests.command import work_through
from importbot.commands.importrequests.options import read_requests_options
from importbot.model.option import REQUESTS


docuReplacements = option_help(REQUESTS)


def main(*args: str) -> int:
    """Process command line arguments and invoke the bot.

    If args is an empty list, sys.argv is used.

    :param args: command line arguments
    :return: exit status
    """
    def work() -> int:
        options = read_requests_options(arguments_of(args))
        return FAILED if options is None else work_through(options)

    return guarded(work)


if __name__ == '__main__':
    sys.exit(main())

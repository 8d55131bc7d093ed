#!/usr/bin/env python3
"""Tell what was imported: runs, one run, what became of a page and why.

    pwb importruns [OPTION...]

lists the latest runs into pywikibot's default site: when, from where, who
asked, who approved, how many pages were decided about how, and what became of
them. It reads the journal and nothing else: no wiki is asked (but by -check),
nothing is written into the journal (but by -prune and -upgrade), and an import
that is under way is not disturbed.

&what;

Whether it is still so, later:

&check;

-check -title:TITLE also tells damage that imports of others left on a page:
revisions twice, revisions without the one before them, authors with a prefix
that leads nowhere. It needs no account where everybody may read.

&health;

&pruning;

Which of them:

&which;

How it is shown:

&format;

&journal;

A state "interrupted" is also that of a run whose bot shows no sign of life;
resume it with pwb importpages -resume. Times are of UTC.

Exit status: 0 it was told - 1 it could not be told: there is no such run, no
run knows the page, the journal cannot be read, or an unknown option - 3 -check
found something wrong, -health something that waits for you (1: something that
is wrong) - 130 interrupted; what -check found until then is told.

Examples:

Who changed this template, and why:

    pwb importruns "-title:Template:Infobox rover" -decision:import

What went wrong this year:

    pwb importruns -since:2024-01-01 -outcome:failed,differs,rejected,unknown

Whether what was imported is still as it was imported:

    pwb importruns -check
    pwb importruns -check:10% -format:html

A page of all runs for everybody, after each pass:

    pwb importruns -html:public_html/imports
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
from importbot.commands.importruns.command import tell
from importbot.commands.importruns.options import read_runs_options
from importbot.model.option import RUNS


docuReplacements = option_help(RUNS)


def main(*args: str) -> int:
    """Process command line arguments and tell what is asked for.

    If args is an empty list, sys.argv is used.

    :param args: command line arguments
    :return: exit status
    """
    def work() -> int:
        options = read_runs_options(arguments_of(args))
        return FAILED if options is None else tell(options)

    return guarded(work)


if __name__ == '__main__':
    sys.exit(main())

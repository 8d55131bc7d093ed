#!/usr/bin/env python3
"""Tell what was imported: runs, one run, what became of a page and why.

    pwb importruns [OPTION...]

lists the latest runs into pywikibot's default site: when, from where, who
asked, who approved, how many pages were decided about how, and what became of
them. It reads the journal and nothing else: no wiki is asked, nothing is
written into the journal (but by -prune), and an import that is under way is
not disturbed.

-runs:N           the latest N runs (20); -runs:0 all of them
-run:N            one run: every decision with its outcome, notes, who asked
                  and approved, how long it took, what it changed
-title:TITLE      all that runs decided about a page, the latest first: its
                  title on the source or on the target
-html:DIR         write index.html, with all runs, and a report of each run
                  into a folder; what did not change is not written again

-prune:DAYS       forget texts, never decisions: what texts refer to (it is
                  found out again when needed), plans that were shown for
                  requests, and notes on what pages showed, of what ended
                  more than DAYS days ago. It says how much and asks;
                  -simulate stops there
-always           forget without asking

Which of them:

-decision:A,B     runs with pages that were decided about so, or just those
                  pages with -run and -title: import, skip, hold, refuse; undo
-outcome:A,B      the same by what became of them: verified, unchanged,
                  differs, rejected, failed, unknown, imported (not read
                  back), none (not reached)
-requester:NAME   runs that this user asked for; who starts the bot by hand
                  asks as the account of the bot
-since:DATE       runs that began then or later: 2024-12-31 or
-until:DATE       2024-12-31T23:59:59Z (UTC); -until with a day takes all of it
-all              runs into all wikis that the journal knows, not only into
                  pywikibot's default site

How it is shown:

-format:table     (default) for people
-format:json      for programs; the documentation has its keys
-format:wikitext  for a page of a wiki
-format:html      a page to look at

-journal:URL      where runs are recorded: a file or an SQLAlchemy URL
                  (default: importbot.sqlite in pywikibot's directory); one
                  with a password stands in user-config.py, as
                  _importbot_journal, or in the variable IMPORTBOT_JOURNAL

A state "interrupted" is also that of a run whose bot shows no sign of life;
resume it with pwb importpages -resume. Times are of UTC.

Exit status: 0 it was told - 1 it could not be told: there is no such run, no
run knows the page, the journal cannot be read, or an unknown option - 130
interrupted.

Examples:

Who changed this template, and why:

    pwb importruns "-title:Template:Infobox rover" -decision:import

What went wrong this year:

    pwb importruns -since:2024-01-01 -outcome:failed,differs,rejected,unknown

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
from importbot.commands.importruns.command import tell
from importbot.commands.importruns.options import read_runs_options
from importbot.commands.offline import offline


def main(*args: str) -> int:
    """Process command line arguments and tell what is asked for.

    If args is an empty list, sys.argv is used.

    :param args: command line arguments
    :return: exit status
    """
    def work() -> int:
        with offline():
            options = read_runs_options(arguments_of(args))
        return FAILED if options is None else tell(options)

    return guarded(work)


if __name__ == '__main__':
    sys.exit(main())

#!/usr/bin/env python3
"""Import pages from a dump: MediaWiki export XML, plain or compressed.

The bot reads the dump and looks at the target first, and shows its plan:
one decision for every page. Nothing is written before you say yes. Pages
go by upload, with their history; afterwards every one is read back.

    pwb importdump -interwikiprefix:PREFIX [OPTION...] FILE...

FILE may be plain XML, .gz, .bz2 or .xz; - is standard input, which is kept
in a temporary file while the bot works.

The target is pywikibot's default site. Your account needs the right
"importupload" there.

-interwikiprefix:PREFIX
                  the wiki that the dump is of, as the target knows it, e.g.
                  en: it goes before authors' names and into the summaries

Which pages: the whole dump, or

-page:TITLE       this page; repeatable
-file:FILE        the titles in a file
-namespace:N,M    all pages of these namespaces (name or number)

What comes along and how:

-templates:none   (default) just the pages
-templates:mentioned
                  also the templates, modules and pages that they mention,
                  as far as the dump has them
-source:PREFIX    the wiki that the dump is of, to ask it for its magic words
                  and functions; without it, those of the target are taken,
                  if it speaks the language of the dump
-only:REGEX       only dependencies whose title matches; repeatable
-exclude:REGEX    without dependencies whose title matches, and what only
                  they need; repeatable
-nodocs           without documentation pages, and what only they need

What the target has already, see pwb importpages -help:

-existing:        dependencies: skip (default), update, ask, force
-existingpages:   pages asked for: skip (default), update, ask, force, keep
-maxused:N        hold a dependency that would be changed and that more than
                  N pages of the target use (500)

-history:full     (default) all revisions of the pages you asked for
-history:current  only the newest
-templatehistory:current
                  (default) only the newest revision of dependencies
-templatehistory:full
                  all their revisions
-before:TIMESTAMP only revisions up to then, e.g. 2020-12-31T23:59:59Z
-pin              each page up to the revision that was planned, even if the
                  file has newer ones when the plan is applied
-order:auto       (default) up to 20 revisions of a page in the order of time,
                  more in the fast order
-order:fast       the newest early: far less work for the target
-order:time       oldest first; such a page has to fit into one upload
-authors:prefix   (default) authors become PREFIX>Name
-authors:local    those who have an account of the same name on the target
                  become that account
-authors:FILE     names by a file, "Name = Name here" a line
-targettitle:TITLE
                  give the one page this title
-nsmap:A=B        pages of the dump's namespace A arrive in the target's
                  namespace B (name or number); repeatable
-summary:TEXT     said in logs and histories after what is always there:
                  page, revision and wiki
-tags:A,B         change tags for the log entries
-post:NAME        clean up the pages that you asked for as the last step, which
                  the plan shows; repeatable: note:TEMPLATE (a template that
                  says where the page is from), nocategories and
                  nointerlanguage (such links go into comments), or a
                  function that is installed here, NAME or NAME:ARGUMENT
-via:upload       what a file always does

What the bot does:

-plan             show the plan and stop; -plan:FILE writes it as JSON, or
                  by the end of its name as wikitext (.wiki), as a page to
                  look at (.html) or as a table (.txt)
-apply:FILE       apply a plan that was saved as JSON, with the dump again
-resume           resume the latest run, if it was interrupted, with the
                  dump again; -resume:N with run N
-simulate         the same with all checks, and nothing is ever written
-always           do not ask before importing
-maxpages:N       refuse a plan that would change more than N pages (500)
-maxrevisions:N   or send more than N revisions (10000); 0 is no limit
-serverlimit:N    seconds after which the target is surely not at work on a
                  request any more (200); waited for where no answer came
-report:FILE      write what became of each page as JSON, or by the end of
                  its name as wikitext (.wiki), as a page to look at (.html)
                  or as a table (.txt); repeatable
-savelist:FILE    write the titles of the pages that the run brought, for the
                  option -file: of other scripts; repeatable
-savelist:ROLE:FILE
                  only those of a role: requested, template, module, style,
                  documentation, redirect or transcluded
-journal:URL      where runs are recorded: a file or an SQLAlchemy URL
                  (default: importbot.sqlite in pywikibot's directory); one
                  with a password stands in user-config.py, as
                  _importbot_journal, or in the variable IMPORTBOT_JOURNAL
-assignknownusers another name for -authors:local

Exit status: 0 all as planned (with -plan: nothing to do) - 1 the bot could
not do its work, or a page failed - 2 with -plan: there is work to do - 3
pages are on hold for a person, the rest went as planned - 130 interrupted.

Examples:

A whole dump into a new wiki:

    pwb importdump -interwikiprefix:en -maxpages:0 -maxrevisions:0 dump.xml.bz2

One page with the templates that it mentions:

    pwb importdump -interwikiprefix:en -page:Rover -templates:mentioned d.xml
"""
from __future__ import annotations

import sys
from pathlib import Path


try:
    import importbot  # noqa: F401
except ModuleNotFoundError:  # a checkout, found by user_script_paths
    sys.path.insert(0, str(Path(__file__).parents[2]))

from importbot.commands.arguments import arguments_of
from importbot.commands.command_line import read_options
from importbot.commands.exit_status import guarded
from importbot.commands.importdump import DumpBot
from importbot.commands.importpages.command import work


OPTIONS = {*DumpBot.available_options, 'report', 'savelist'}


def main(*args: str) -> int:
    """Process command line arguments and invoke the bot.

    If args is an empty list, sys.argv is used.

    :param args: command line arguments
    :return: exit status
    """
    return guarded(lambda: work(DumpBot, read_options(
        arguments_of(args), OPTIONS)))


if __name__ == '__main__':
    sys.exit(main())

#!/usr/bin/env python3
"""Import pages from another wiki, with history and the templates they need.

The bot looks at both wikis first and shows its plan: one decision for
every page. Nothing is written before you say yes. A page that the target
wiki has already is left alone, unless you say otherwise. Afterwards every
imported page is read back and compared with the source.

    pwb importpages -source:PREFIX PAGES... [OPTION...]

The target is pywikibot's default site (-site: and so on, as everywhere).
Your account needs the right "import" there, or "importupload".

-source:PREFIX    the wiki to import from, by the interwiki prefix that the
                  target allows imports from, e.g. en or w:de; see
                  Special:Import of the target

Which pages: pywikibot's page generators, applied to the source wiki; see
the end of this text. Most often:

-page:TITLE       one page; repeat it for several
-cat:CATEGORY     all pages of a category
-file:FILE        the titles in a file

-on:target        apply the generators to the target wiki instead, e.g.
                  -on:target -wantedtemplates:10

What comes along and how:

-templates:auto   (default) what the pages use now; for templates and
                  modules that you asked for also what they mention
-templates:used   only what the pages use now
-templates:mentioned
                  also what stands in branches that are not taken now, in
                  documentation and in Lua
-templates:none   just the pages
-only:REGEX       only dependencies whose title matches; repeatable
-exclude:REGEX    without dependencies whose title matches, and what only
                  they need; repeatable
-nodocs           without documentation pages, and what only they need
-talk             the pages you asked for with their talk pages
-equivalents:note (default) say where an interlanguage link shows that the
                  target has a template under another name
-equivalents:skip and do not import it

What the target has already. A page can be *ahead* (the target went on from
the source's text), *behind* (it has an older text of the source), *diverged*
(both went on) or *unrelated*:

-existing:skip    (default) dependencies that the target has are left alone
-existing:update  those that are behind are brought forward
-existing:ask     you are asked about each that differs; without a terminal,
                  with -always and with -plan they are on hold
-existing:force   those that differ are replaced by the source's, but for
                  those that are ahead
-existingpages:   the same for pages that you asked for (skip, update, ask,
                  force), and:
-existingpages:keep
                  the source's history goes beneath, the text of the target
                  stays
-maxused:N        hold a dependency that would be changed and that more than
                  N pages of the target use (500)

-history:full     (default) all revisions of the pages you asked for
-history:current  only their current revision
-templatehistory:current
                  (default) only the current revision of dependencies
-templatehistory:full
                  all their revisions
-correspondingnamespace:N
                  put the pages you asked for into this namespace (number)
-rootpage:TITLE   or make them subpages of this page
-targettitle:TITLE
                  or give the one page this title (an interwiki import is
                  moved then, for which your account needs the right to
                  move without a redirect)
-nsmap:A=B        pages of the source's namespace A arrive in the target's
                  namespace B (name or number); repeatable
-post:NAME        clean up the pages that you asked for as the last step, which
                  the plan shows; repeatable: note:TEMPLATE (a template that
                  says where the page is from), nocategories and
                  nointerlanguage (such links go into comments), or a
                  function that is installed here, NAME or NAME:ARGUMENT
-summary:TEXT     for logs and histories; names page and revision if you
                  give none, and always on uploads
-tags:A,B         change tags for the log entry

How they are sent:

-via:auto         (default) the target fetches the pages itself, wherever
                  that is allowed and complete; the bot uploads only what
                  cannot be had otherwise. The plan says which and why
-via:interwiki    never upload
-via:upload       always upload; faster, and needs the right "importupload"
-before:TIMESTAMP only revisions up to then, e.g. 2020-12-31T23:59:59Z, by
                  upload; what pages need is still found as of today
-pin              by upload, each page up to the revision that was planned,
                  even if the plan is applied another day; with -apply, for
                  the pages that the plan uploads
-order:auto       (default) in an upload, up to 20 revisions of a page in the
                  order of time, more in the fast order
-order:fast       the newest early: far less work for the target; one
                  revision gets another parent, ids are not in order of time
-order:time       oldest first; such a page has to fit into one upload
-authors:prefix   (default) authors become PREFIX>Name
-authors:local    those who have an account of the same name on the target
                  become that account: right only where both wikis have
                  their accounts in common
-authors:FILE     names by a file, "Name = Name here" a line, by upload
-interwikiprefix:PREFIX
                  in uploads, before authors' names instead of the source's

What the bot does:

-plan             show the plan and stop; -plan:FILE writes it as JSON, or
                  by the end of its name as wikitext (.wiki), as a page to
                  look at (.html) or as a table (.txt)
-apply:FILE       apply a plan that was saved as JSON; refused if anything
                  that it decided on changed since
-resume           resume the latest run, if it was interrupted;
                  -resume:N with run N
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
                  documentation, redirect or transcluded; with "files" the
                  files that the target lacks, to be had from the source
-journal:URL      where runs are recorded: a file or an SQLAlchemy URL
                  (default: importbot.sqlite in pywikibot's directory); one
                  with a password stands in user-config.py, as
                  _importbot_journal, or in the variable IMPORTBOT_JOURNAL

Names of the script transwikiimport are understood where they mean the
same: -interwikisource (-source), -fullhistory (-history:full
-templatehistory:full), -target (-on:target), -overwrite
(-existingpages:force), -assignknownusers (-authors:local),
-includealltemplates (-templates:used -existing:force, which replaces
templates of the target).

Exit status: 0 all as planned (with -plan: nothing to do) - 1 the bot could
not do its work, or a page failed - 2 with -plan: there is work to do - 3
pages are on hold for a person, the rest went as planned - 130 interrupted.

Examples:

The article Rover with its history and what it needs, looking first:

    pwb importpages -source:en -page:Rover -simulate
    pwb importpages -source:en -page:Rover

A template with everything it could ever need, and its documentation:

    pwb importpages -source:en -page:"Template:Infobox rover"

Articles, and then another script on just these:

    pwb importpages -source:en -cat:Rovers -savelist:requested:rovers.txt
    pwb cosmetic_changes -file:rovers.txt

&params;
"""
from __future__ import annotations

import sys
from pathlib import Path

from pywikibot import pagegenerators


try:
    import importbot  # noqa: F401
except ModuleNotFoundError:  # a checkout, found by user_script_paths
    sys.path.insert(0, str(Path(__file__).parents[2]))

from importbot.commands.arguments import arguments_of
from importbot.commands.command_line import read_options
from importbot.commands.exit_status import guarded
from importbot.commands.importpages.bot import ImportBot
from importbot.commands.importpages.command import work


docuReplacements = {'&params;': pagegenerators.parameterHelp}

OPTIONS = {*ImportBot.available_options, 'report', 'savelist'}


def main(*args: str) -> int:
    """Process command line arguments and invoke the bot.

    If args is an empty list, sys.argv is used.

    :param args: command line arguments
    :return: exit status
    """
    return guarded(lambda: work(ImportBot, read_options(
        arguments_of(args), OPTIONS)))


if __name__ == '__main__':
    sys.exit(main())

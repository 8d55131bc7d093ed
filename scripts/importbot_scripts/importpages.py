#!/usr/bin/env python3
"""Import pages from another wiki, with history and the templates they need.

The bot looks at both wikis first and shows its plan: one decision for
every page. Nothing is written before you say yes. A page that the target
wiki has already is left alone, unless you say otherwise. Afterwards every
imported page is read back and compared with the source.

    pwb importpages -source:PREFIX PAGES... [OPTION...]

The target is pywikibot's default site (-site: and so on, as everywhere).
Your account needs the right "import" there.

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
                  or give the one page this title (by a move; your account
                  needs the right to move without a redirect)
-nsmap:A=B        pages of the source's namespace A arrive in the target's
                  namespace B (name or number); repeatable
-summary:TEXT     for logs and histories; names page and revision if you
                  give none
-tags:A,B         change tags for the log entry

What the bot does:

-plan             show the plan and stop; -plan:FILE writes it as JSON, or
                  as a wikitext table if FILE ends in .wiki
-apply:FILE       apply a plan that was saved as JSON; refused if anything
                  that it decided on changed since
-simulate         the same with all checks, and nothing is ever written
-always           do not ask before importing
-maxpages:N       refuse a plan that would change more than N pages (500)
-maxrevisions:N   or send more than N revisions (10000); 0 is no limit
-report:FILE      write what became of each page as JSON; repeatable
-journal:URL      where runs are recorded: a file or an SQLAlchemy URL
                  (default: importbot.sqlite in pywikibot's directory)

Names of the script transwikiimport are understood where they mean the
same: -interwikisource (-source), -fullhistory (-history:full
-templatehistory:full), -target (-on:target), -overwrite
(-existingpages:force), -includealltemplates (-templates:used
-existing:force, which replaces templates of the target).

Exit status: 0 all as planned (with -plan: nothing to do) - 1 the bot could
not do its work, or a page failed - 2 with -plan: there is work to do - 3
pages are on hold for a person, the rest went as planned - 130 interrupted.

Examples:

The article Rover with its history and what it needs, looking first:

    pwb importpages -source:en -page:Rover -simulate
    pwb importpages -source:en -page:Rover

A template with everything it could ever need, and its documentation:

    pwb importpages -source:en -page:"Template:Infobox rover"

&params;
"""
from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pywikibot
from pywikibot import pagegenerators


try:
    import importbot  # noqa: F401
except ModuleNotFoundError:  # a checkout, found by user_script_paths
    sys.path.insert(0, str(Path(__file__).parents[2]))

from importbot.commands.bot import ImportBot
from importbot.commands.options import Options, read_options
from importbot.commands.status import (
    FAILED,
    INTERRUPTED,
    WORK_TO_DO,
    guarded,
    plan_status,
)
from importbot.flows.wikipair import WikiPair
from importbot.model.errors import UsageError
from importbot.model.plans import PageResult, Plan, Report, as_text
from importbot.reports.diffs import held_diffs
from importbot.reports.notes import note_sentence
from importbot.reports.terminal import (
    complaints,
    plan_table,
    show,
    summary_line,
)
from importbot.reports.wikitext import plan_wikitext


docuReplacements = {'&params;': pagegenerators.parameterHelp}

OPTIONS = {*ImportBot.available_options, 'report'}


def _language() -> str:
    return pywikibot.config.userinterface_lang or 'en'


def _show_plan(plan: Plan, wikis: WikiPair, asks: bool = False) -> None:
    """Print what a person should know first, then the table.

    :param asks: whether pages on hold are asked about next
    """
    for note in plan.notes:
        pywikibot.info(note_sentence(note, _language()))
    show(plan_table(plan, _language()))
    pywikibot.info(summary_line(plan))
    if not asks:
        for line in held_diffs(plan.pages, wikis):
            pywikibot.info(line)
        for sentence in complaints(plan, _language()):
            pywikibot.warning(sentence)


def _show_report(report: Report) -> None:
    if report.plan.has_work:
        show(plan_table(report.plan, _language(), report.results))
    for note in report.notes:
        # What the source lacks as well is no news.
        if note.get('on_source', True):
            pywikibot.warning(note_sentence(note, _language()))
    pywikibot.info(summary_line(report.plan, report))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding='utf-8')
    except OSError as error:
        raise UsageError(f'{path} cannot be written: '
                         f'{error.strerror}') from error
    pywikibot.info(f'Written: {path}')


def _write_plan(plan: Plan, file: Any) -> None:
    if file is not True:
        is_wikitext = file.endswith(('.wiki', '.wikitext'))
        _write(Path(file), plan_wikitext(plan, _language()) if is_wikitext
               else as_text(plan.as_json()))


def _write_reports(paths: Iterable[Path], report: Report) -> None:
    for path in paths:
        _write(path, as_text(report.as_json()))


def _work(options: Options) -> int:
    """Do what the command line asks for.

    :return: exit status
    :raises ImportbotError: it cannot be done
    """
    bot = ImportBot(**options.given)
    if bot.make_plan(options.generators) is None:
        return FAILED
    _show_plan(bot.plan, bot.wikis, asks=bot.may_ask)
    if bot.opt.plan:
        _write_plan(bot.plan, bot.opt.plan)
        return WORK_TO_DO if bot.plan.has_work else plan_status(bot.plan)
    if pywikibot.config.simulate:
        _write_reports(options.reports, Report(
            bot.plan, None, (PageResult(), ) * len(bot.plan.pages)))
        pywikibot.info('Simulation: nothing was written.')
        return plan_status(bot.plan)
    if bot.ask_about_held_pages():
        _show_plan(bot.plan, bot.wikis)
    if not bot.confirm():
        pywikibot.info('Nothing was imported.')
        return 0
    bot.run()
    report = bot.application.report()
    _show_report(report)
    _write_reports(options.reports, report)
    if bot.interrupted:
        pywikibot.info('The same command again goes on where this one '
                       'stopped.')
        return INTERRUPTED
    return plan_status(bot.plan) if report.went_as_planned else FAILED


def main(*args: str) -> int:
    """Process command line arguments and invoke the bot.

    If args is an empty list, sys.argv is used.

    :param args: command line arguments
    :return: exit status
    """
    return guarded(lambda: _work(read_options(
        pywikibot.handle_args(args), OPTIONS)))


if __name__ == '__main__':
    sys.exit(main())

"""The table of options: all that is made from it begins here.

A row says what an option takes, what it does in one sentence, which scripts
have it and who else may set it. Those of an import are fields of
:class:`~importbot.model.policy.Policy`; where a file needs a row of its own,
and what is no field, stands here.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from importbot.model.option import (
    DUMP,
    IMPORTS,
    PAGES,
    REQUESTS,
    RUNS,
    UNDO,
    Choice,
    Clash,
    Kind,
    Option,
)
from importbot.model.policy import Policy, policy_options


__all__ = ('LOOKED_AT', 'OPTIONS', 'SERVER_LIMIT', 'Alias', 'OptionTable')

#: Seconds after which no server is still at work on a request: Wikimedia's
#: limit is 200, MediaWiki's own 120.
SERVER_LIMIT = 200

#: Imported pages that are looked at on the target.
LOOKED_AT = 20_000

_EVERYWHERE = (PAGES, DUMP, UNDO, RUNS, REQUESTS)
#: Scripts that plan, ask and apply.
_APPLYING = (PAGES, DUMP, UNDO)
#: What nothing of an import goes with, but what names these.
_PLANNED = ('apply', 'resume')
_FROM_PLAN = 'takes what to do from the plan'
_WHAT = 'what to tell of'

_FIELDS = {option.field: option for option in policy_options()}

#: Rows of importdump for what means something else for a file.
_FILE_ROWS = (
    replace(_FIELDS['templates'], scripts=(DUMP, ), default='none', choices=(
        Choice('none', 'just the pages'),
        Choice('mentioned', 'also the templates, modules and pages that '
               'they mention, as far as the dump has them'),
        Choice('auto', means='mentioned')),
        refused={'used': 'A file does not tell what its pages use when they '
                 'are rendered; give -templates:mentioned or '
                 '-templates:none'}),
    replace(_FIELDS['via'], scripts=(DUMP, ), choices=(
        Choice('auto', 'by upload, as a file always goes'),
        Choice('upload', 'the same')),
        refused={'interwiki': 'A file goes by upload; leave out '
                 '-via:interwiki'}),
    replace(_FIELDS['targettitle'], scripts=(DUMP, ),
            help='give the one page that you asked for this title'),
    replace(_FIELDS['summary'], scripts=(DUMP, ),
            help='said in logs and histories after what is always there: '
            'page, revision and wiki'),
    replace(_FIELDS['interwikiprefix'], scripts=(DUMP, ), group='wiki',
            help='the wiki that the dump is of, as the target knows it, '
            "e.g. en: it goes before authors' names and into the summaries",
            needed='Name the wiki that the dump is of: '
            '-interwikiprefix:PREFIX, which goes before the names of '
            "authors, for instance 'en'"),
    Option(Kind.TEXT, 'the wiki that the dump is of, to ask it for its '
           'magic words and functions; without it, those of the target are '
           'taken, if it speaks the language of the dump', name='source',
           value='PREFIX', group='words', scripts=(DUMP, )),
    Option(Kind.TEXTS, 'this page', name='page', value='TITLE',
           group='pages', scripts=(DUMP, )),
    Option(Kind.TEXTS, 'the titles in a file', name='file', value='FILE',
           group='pages', scripts=(DUMP, )),
    Option(Kind.WORDS, 'all pages of these namespaces (name or number)',
           name='namespace', value='N,M', group='pages', scripts=(DUMP, )),
)

_IMPORT_ROWS = (
    Option(Kind.TEXT, 'the wiki to import from, by the interwiki prefix '
           'that the target allows imports from, e.g. en or w:de; see '
           'Special:Import of the target', name='source', value='PREFIX',
           group='wiki', scripts=(PAGES, ),
           needed='Name the wiki to import from: -source:PREFIX, for '
           'instance -source:en'),
    Option(Kind.TEXT, 'the pages that a file wishes, or with "-" standard '
           'input: one a line, as en:Rover or en:Rover → User:Anna/Rover, as '
           'link or address, or source, page and title with tabs between '
           'them; of several wikis, which are planned and asked about '
           'together', name='requests', value='FILE',
           forms=(('-', 'the same from standard input'), ),
           group='pages', scripts=(PAGES, ), clashes=(
               Clash(('targettitle', ), why='names a title for each page'),
               Clash(('on', ), why='names pages of their own wikis'))),
    Option(Kind.CHOICE, 'the wiki that the page generators are applied to',
           name='on', default='source', choices=(
               Choice('source', 'the page generators are applied to the '
                      'source'),
               Choice('target', 'or to the target, e.g. -on:target '
                      '-wantedtemplates:10')),
           group='pages', scripts=(PAGES, )),
)

_UNDO_ROWS = (
    Option(Kind.RUN, 'the run to undo; the number alone says the same',
           name='run', value='N', group='which', scripts=(UNDO, )),
    Option(Kind.TEXT, 'put this above the text of pages that are to be '
           'deleted, e.g. -mark:"{{Delete|import undone}}"; in templates it '
           'is within noinclude. Without -mark: the titles are printed, '
           'ready to paste where the wiki asks for deletions', name='mark',
           value='WIKITEXT', group='marking', scripts=(UNDO, )),
    Option(Kind.TEXT, 'said in logs and histories after what is always '
           'there', name='summary', value='TEXT', group='logs',
           scripts=(UNDO, )),
)

_RUNS_ROWS = (
    Option(Kind.NUMBER, 'the latest N runs; 0 for all of them', name='runs',
           default=20, value='N', group='what', scripts=(RUNS, )),
    Option(Kind.RUN, 'one run: every decision with its outcome, notes, who '
           'asked and approved, how long it took, what it changed; the '
           'number alone says the same',
           name='run', value='N', group='what', scripts=(RUNS, ),
           one_of=_WHAT, clashes=(Clash(
               ('requester', 'runs', 'since', 'until')), )),
    Option(Kind.TEXTS, 'all that runs decided about a page, the latest '
           'first: its title on the source or on the target; with -check '
           'several', name='title', value='TITLE', group='what',
           scripts=(RUNS, ), one_of=_WHAT),
    Option(Kind.TEXT, 'look again at the pages that runs brought, on the '
           'target and on the source: whether they are there as they were '
           'imported, who edited, moved or deleted them since, and whether '
           'anything is wrong; nothing is written', name='check',
           value='RUN', bare=True, group='check', scripts=(RUNS, ),
           forms=(('RUN', 'the pages of one run'),
                  ('10%', 'a sample of them; another day has others')),
           clashes=(Clash(('all', 'html', 'prune', 'upgrade')), )),
    Option(Kind.TEXT, 'write index.html, with all runs, and a report of '
           'each run into a folder; what did not change is not written '
           'again', name='html', value='DIR', group='what',
           scripts=(RUNS, ), one_of=_WHAT, clashes=(Clash(
               ('decision', 'format', 'outcome', 'requester', 'runs',
                'since', 'until')), )),
    Option(Kind.NUMBER, 'forget texts, never decisions: what texts refer to '
           '(it is found out again when needed), plans that were shown for '
           'requests, and notes on what pages showed, of what ended more '
           'than DAYS days ago. It says how much and asks; -simulate stops '
           'there', name='prune', default=None, value='DAYS',
           group='pruning', scripts=(RUNS, ), one_of=_WHAT, clashes=(Clash(
               ('all', 'decision', 'format', 'outcome', 'requester', 'runs',
                'since', 'until')), )),
    Option(Kind.FLAG, 'forget without asking', name='always', default=False,
           group='pruning', scripts=(RUNS, ), only_with='prune'),
    Option(Kind.NUMBER, 'how the bot is, for a monitor, in one line: the '
           'last pass over request pages, what fails, what waits for you; '
           '-health:N complains when the last good pass is more than N '
           'hours ago (1). With -all of every wiki that had a pass',
           name='health', default=None, value='HOURS', bare=1,
           refused={'0': '-health:0 leaves no time since a pass; give '
                    '-health:1 or more'},
           group='health', scripts=(RUNS, ), one_of=_WHAT, clashes=(Clash(
               ('decision', 'outcome', 'requester', 'runs', 'since',
                'until')), )),
    Option(Kind.FLAG, 'lift the journal of an earlier release to what this '
           'one writes; bots do that by themselves where it is safe, and '
           'say so where it is not', name='upgrade', default=False,
           group='pruning', scripts=(RUNS, ), one_of=_WHAT, clashes=(Clash(
               ('all', 'decision', 'format', 'outcome', 'requester', 'runs',
                'since', 'until')), )),
    Option(Kind.WORDS, 'runs with pages that were decided about so, or just '
           'those pages with -run and -title: import, skip, hold, refuse; '
           'undo', name='decision', value='A,B', group='which',
           scripts=(RUNS, )),
    Option(Kind.WORDS, 'the same by what became of them: verified, '
           'unchanged, differs, rejected, failed, unknown, imported (not '
           'read back), none (not reached)', name='outcome', value='A,B',
           group='which', scripts=(RUNS, )),
    Option(Kind.TEXT, 'runs that this user asked for; who starts the bot by '
           'hand asks as the account of the bot', name='requester',
           value='NAME', group='which', scripts=(RUNS, )),
    Option(Kind.TEXT, 'runs that began then or later: 2024-12-31 or '
           '2024-12-31T23:59:59Z (UTC)', name='since', value='DATE',
           group='which', scripts=(RUNS, )),
    Option(Kind.TEXT, 'runs that began then or earlier; a day is meant to '
           'its end', name='until', value='DATE', group='which',
           scripts=(RUNS, )),
    Option(Kind.FLAG, 'runs into all wikis that the journal knows, not only '
           "into pywikibot's default site", name='all', default=False,
           group='which', scripts=(RUNS, )),
    Option(Kind.TEXT, 'how it is shown: table (for people, the default), '
           'json (for programs; the documentation has its keys), wikitext '
           '(for a page of a wiki) or html (a page to look at)',
           name='format', default='table', value='NAME',
           group='format', scripts=(RUNS, )),
)

_REQUESTS_ROWS = (
    Option(Kind.TEXT, 'work through this request page only', name='page',
           value='TITLE', group='pass', scripts=(REQUESTS, )),
    Option(Kind.TEXT, 'the configuration page (default: '
           'Importrequests.json in the namespace MediaWiki, which the bot '
           'itself cannot edit, or else importrequests.json below the '
           "bot's user page)", name='configpage', value='TITLE',
           group='pass', scripts=(REQUESTS, )),
    Option(Kind.NUMBER, 'go on for ever, a pass every 600 seconds; -watch:N '
           'every N seconds', name='watch', default=0, value='N', bare=600,
           refused={'0': '-watch:0 leaves no time between passes; give '
                    '-watch:1 or more'}, group='pass', scripts=(REQUESTS, )),
    Option(Kind.FLAG, 'exit status 1 only when something that is wrong is '
           'told, which is once and then once a day: for job systems that '
           'write a mail about each failure; without it a pass that fails '
           'has that status every time', name='failonce', default=False,
           group='pass', scripts=(REQUESTS, ),
           clashes=(Clash(('install', )), )),
    Option(Kind.FLAG, 'write template, start page, stop page and all that '
           'belongs to them to the wiki, after showing what; pages that are '
           'there already are left alone', name='install', default=False,
           group='pass', scripts=(REQUESTS, )),
    Option(Kind.REPORT, 'with -install, write what is done about which '
           'page as JSON, or by the end of its name as wikitext (.wiki), as '
           'a page to look at (.html) or as a table (.txt)', name='report',
           value='FILE', group='pass', scripts=(REQUESTS, ),
           only_with='install'),
    Option(Kind.FLAG, 'with -install, do not ask', name='always',
           default=False, group='pass', scripts=(REQUESTS, )),
)

_SAVELIST = Option(
    Kind.LIST, 'write the titles of the pages that the run brought, for the '
    'option -file: of other scripts', name='savelist', value='FILE',
    forms=(('ROLE:FILE', 'only those of a role: requested, template, module, '
            'style, documentation, redirect, transcluded or category; with '
            '"files" the files that the target lacks, to be had from the '
            'source'), ),
    group='run', beside=_PLANNED)

_ROWS_OF_MANY = (
    Option(Kind.TEXT, 'show the plan and stop; -plan:FILE writes it as '
           'JSON, or by the end of its name as wikitext (.wiki), as a page '
           'to look at (.html) or as a table (.txt)', name='plan',
           value='FILE', bare=True, group='plan', scripts=_APPLYING,
           beside=_PLANNED),
    Option(Kind.TEXT, 'apply a plan that was saved as JSON; refused if '
           'anything that it decided on changed since', name='apply',
           value='FILE', group='plan', scripts=(PAGES, ), alone=_FROM_PLAN),
    Option(Kind.TEXT, 'apply a plan that was saved as JSON, with the dump '
           'again', name='apply', value='FILE', group='plan',
           scripts=(DUMP, ), alone=_FROM_PLAN),
    Option(Kind.RUN, 'resume the latest run, if it was interrupted; '
           '-resume:N with run N; a dump is given again', name='resume',
           value='N', bare=True, group='plan', scripts=IMPORTS,
           alone=_FROM_PLAN),
    Option(Kind.FLAG, 'do not ask before anything is written',
           name='always', default=False, group='run', scripts=_APPLYING,
           beside=_PLANNED),
    Option(Kind.NUMBER, 'seconds after which the target is surely not at '
           'work on a request any more; waited for where no answer came',
           name='serverlimit', default=SERVER_LIMIT, value='N', group='run',
           scripts=(*_APPLYING, REQUESTS), beside=_PLANNED),
    Option(Kind.NUMBER, 'look at so many of the imported pages as the target '
           'shows them, for templates that lack, script errors and tags '
           'that are shown as text; 0 is not at all', name='look',
           default=LOOKED_AT, value='N', group='run', scripts=IMPORTS,
           beside=_PLANNED),
    Option(Kind.REPORT, 'write what became of each page as JSON, or by '
           'the end of its name as wikitext (.wiki), as a page to look at '
           '(.html) or as a table (.txt)', name='report',
           value='FILE', group='run', scripts=_APPLYING, beside=_PLANNED),
    _SAVELIST,
    Option(Kind.TEXT, 'where runs are recorded: a file or an SQLAlchemy URL '
           "(default: importbot.sqlite in pywikibot's directory); one with "
           'a password stands in user-config.py, as _importbot_journal, or '
           'in the variable IMPORTBOT_JOURNAL', name='journal', value='URL',
           group='journal', scripts=_EVERYWHERE, beside=_PLANNED),
)


@dataclass(frozen=True)
class Alias:

    """Another name for something.

    :param name: what may be given
    :param means: what that is here: names, or names with values
    :param warning: goes on with "which"
    :param of: whose name it is
    """

    name: str
    means: tuple[str, ...]
    warning: str = ''
    of: str = 'transwikiimport'


@dataclass(frozen=True)
class OptionTable:

    """All options.

    :param policy: has those of an import as its fields
    :param others: the other rows
    :param aliases: other names
    """

    policy: type[Policy] = Policy
    others: tuple[Option, ...] = (
        *_FILE_ROWS, *_IMPORT_ROWS, *_UNDO_ROWS, *_RUNS_ROWS,
        *_REQUESTS_ROWS, *_ROWS_OF_MANY)
    aliases: tuple[Alias, ...] = (
        Alias('interwikisource', ('source', )),
        Alias('fullhistory', ('history:full', 'templatehistory:full')),
        Alias('target', ('on:target', )),
        Alias('overwrite', ('existingpages:force', )),
        Alias('assignknownusers', ('authors:local', )),
        Alias('includealltemplates', ('templates:used', 'existing:force'),
              'replaces templates of the target'),
        Alias('ns', ('namespace', ), of='pagegenerators'))

    @property
    def rows(self) -> tuple[Option, ...]:
        """All rows; a name stands in one for each script that has it."""
        return (*policy_options(self.policy), *self.others)

    def of(self, script: str) -> dict[str, Option]:
        """Return the options of a script by name.

        :param script: as it is called after ``pwb``
        """
        return {option.name: option for option in self.rows
                if script in option.scripts}

    def defaults(self, script: str) -> dict[str, Any]:
        """Return the defaults of a bot, which ``scripts.ini`` may set.

        :param script: as it is called after ``pwb``
        """
        return {name: option.text for name, option in self.of(script).items()
                if not option.kind.is_file}

    def aliases_of(self, script: str) -> Iterator[Alias]:
        """Yield the other names that mean something to a script.

        :param script: as it is called after ``pwb``
        """
        options = self.of(script)
        for alias in self.aliases:
            pairs = [meant.partition(':')[::2] for meant in alias.means]
            if all(name in options and value not in options[name].refused
                   for name, value in pairs):
                yield alias

    def field(self, name: str) -> Option:
        """Return the row of a field of the policy.

        :param name: of the field
        """
        return next(option for option in policy_options(self.policy)
                    if option.field == name)

    @property
    def of_wiki(self) -> tuple[Option, ...]:
        """What the configuration of request pages may set."""
        return tuple(option for option in policy_options(self.policy)
                     if option.wiki)

    @property
    def of_request(self) -> tuple[Option, ...]:
        """What a request may set."""
        return tuple(option for option in policy_options(self.policy)
                     if option.request)


OPTIONS = OptionTable()

"""What the operator wants: the options of an import."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from os import PathLike
from textwrap import fill
from typing import Any, Literal, Union

from importbot.model.decisions import Role
from importbot.model.field_values import Taken, field_value
from importbot.model.option import (
    PAGES,
    Choice,
    Clash,
    Kind,
    Option,
    check_together,
    policy_field,
)
from importbot.model.titles import MODULE, TEMPLATE


__all__ = ('Policy', 'Via', 'policy_options')

Templates = Literal['auto', 'used', 'mentioned', 'none']
Existing = Literal['skip', 'update', 'ask', 'force']
ExistingPages = Literal['skip', 'update', 'ask', 'force', 'keep']
History = Literal['full', 'current']
Equivalents = Literal['note', 'skip']
Via = Literal['auto', 'interwiki', 'upload']
Order = Literal['auto', 'fast', 'time']
_Names = tuple[tuple[str, str], ...]
#: ``file`` is what a path and a dict become.
Authors = Taken[
    Literal['prefix', 'local', 'file'],
    Union[Literal['prefix', 'local', 'file'], 'PathLike[str]',
          Mapping[str, str]]]
#: No text: each of its letters would be one of several.
Texts = Taken[tuple[str, ...],
              tuple[str, ...] | list[str] | set[str] | frozenset[str]]
Pairs = Taken[_Names, _Names | list[tuple[str, str]] | Mapping[str, str]]

_PLACE = 'where the pages go'
_FETCHES_ALL = ('is for uploads: an interwiki import takes all revisions or '
                'the current one')
_FETCHES_NEWEST = ('is for uploads: an interwiki import takes what the '
                   'source has at that moment')


@dataclass(frozen=True)
class Policy:

    """What the operator wants; the options of ``pwb importpages``.

    Several texts may be given as any list or set, pairs as a dict; names
    of authors also as the path of a file, which is read when a plan is
    made. They are tuples afterwards.

    :raises UsageError: a value that the field does not know, or of another
        type
    """

    templates: Templates = policy_field(Option(
        Kind.CHOICE, 'which dependencies to take', default='auto',
        choices=(
            Choice('auto', 'what the pages use now; for templates and '
                   'modules that you asked for also what they mention'),
            Choice('used', 'only what the pages use now'),
            Choice('mentioned', 'also what stands in branches that are not '
                   'taken now, in documentation and in Lua'),
            Choice('none', 'just the pages')),
        group='templates', scripts=(PAGES, ), wiki=True, request=True))
    existing: Existing = policy_field(Option(
        Kind.CHOICE, 'what to do with dependencies that the target has',
        default='skip', choices=(
            Choice('skip', 'dependencies that the target has are left '
                   'alone'),
            Choice('update', 'those that are behind are brought forward'),
            Choice('ask', 'you are asked about each that differs; without '
                   'a terminal, with -always and with -plan they are on '
                   'hold'),
            Choice('force', "those that differ are replaced by the "
                   "source's, but for those that are ahead")),
        group='existing', wiki=('skip', 'update', 'ask'),
        request=('skip', 'update', 'ask')))
    existingpages: ExistingPages = policy_field(Option(
        Kind.CHOICE, 'the same for pages that you asked for',
        default='skip', choices=(
            Choice('skip'), Choice('update'), Choice('ask'), Choice('force'),
            Choice('keep', "the source's history goes beneath, the text of "
                   'the target stays')),
        group='existing', wiki=('skip', 'update', 'ask', 'keep')))
    asdependencies: bool = policy_field(Option(
        Kind.FLAG, 'templates and modules that you asked for are treated as '
        'dependencies are, where the target has them', default=False,
        scripts=()))
    history: History = policy_field(Option(
        Kind.CHOICE, 'which revisions of the pages you asked for',
        default='full', choices=(
            Choice('full', 'all revisions of the pages you asked for'),
            Choice('current', 'only their current revision')),
        group='history', wiki=True, request=True))
    templatehistory: History = policy_field(Option(
        Kind.CHOICE, 'which revisions of dependencies', default='current',
        choices=(
            Choice('current', 'only the current revision of dependencies'),
            Choice('full', 'all their revisions')),
        group='history', wiki=True))
    namespace: int | None = policy_field(Option(
        Kind.NAMESPACE, 'put the pages you asked for into this namespace of '
        'the target (number)', name='correspondingnamespace', value='N',
        default=None, group='place', one_of=_PLACE))
    rootpage: str = policy_field(Option(
        Kind.TEXT, 'or make them subpages of this page, as a draft in user '
        'space: -rootpage:User:Anna brings Rover to User:Anna/Rover with '
        'the right to import alone', value='TITLE', group='place',
        one_of=_PLACE))
    summary: str = policy_field(Option(
        Kind.TEXT, 'for logs and histories; names page and revision if you '
        'give none, and always on uploads', value='TEXT', group='logs',
        scripts=(PAGES, )))
    tags: Texts = policy_field(Option(
        Kind.WORDS, 'change tags for the log entries', value='A,B',
        default=(), group='logs', wiki=True))
    only: Texts = policy_field(Option(
        Kind.PATTERNS, 'only dependencies whose title matches',
        value='REGEX', default=(), group='dependencies'))
    exclude: Texts = policy_field(Option(
        Kind.PATTERNS, 'without dependencies whose title matches, and what '
        'only they need', value='REGEX', default=(),
        group='dependencies', wiki=True, request=True))
    nodocs: bool = policy_field(Option(
        Kind.FLAG, 'without documentation pages, and what only they need',
        default=False, group='dependencies', wiki=True))
    categories: int = policy_field(Option(
        Kind.NUMBER, 'also N levels of categories: 1 those that the pages '
        'are in, requested ones and templates, 2 also those which these '
        'are in, and so on (2 if you give no N), with the templates that '
        'they show; hidden ones stay out', value='N', bare=2, default=0,
        group='dependencies', wiki=True))
    redirects: bool = policy_field(Option(
        Kind.FLAG, 'templates and modules that you asked for with the '
        'redirects that lead to them, so that their short names work',
        default=False, group='dependencies', scripts=(PAGES, ), wiki=True))
    talk: bool = policy_field(Option(
        Kind.FLAG, 'the pages you asked for with their talk pages',
        default=False, group='dependencies', scripts=(PAGES, ), wiki=True))
    nsmap: Pairs = policy_field(Option(
        Kind.PAIRS, "pages of the source's namespace A arrive in the "
        "target's namespace B (name or number)", value='A=B',
        default=(), group='arrival', wiki=True))
    targettitle: str = policy_field(Option(
        Kind.TEXT, 'give the one page that you asked for this title: with '
        'the import itself if it is the title of the source in a namespace '
        'or below a page (Rover as User:Anna/Rover), else by a move, for '
        'which your account needs the right "move"', value='TITLE',
        group='title', scripts=(PAGES, ), one_of=_PLACE, clashes=(Clash(
            ('talk', ), why='is for one page',
            instead=' and import the talk page by itself'), )))
    landing: str = policy_field(Option(
        Kind.TEXT, 'the page below which pages land that are moved to '
        'another title then; nobody else should have pages there (default: '
        'importing below the user page of your account)', value='TITLE',
        group='title', scripts=(PAGES, ), wiki=True))
    titlemap: Pairs = policy_field(Option(
        Kind.PAIRS, 'titles under which single requested pages arrive, by '
        'full title on the source; others arrive where they otherwise would',
        default=(), scripts=(), one_of=_PLACE))
    equivalents: Equivalents = policy_field(Option(
        Kind.CHOICE, 'what to do with a missing template for which the '
        'target has one of another name', default='note', choices=(
            Choice('note', 'say where an interlanguage link shows that the '
                   'target has a template under another name'),
            Choice('skip', 'and do not import it')),
        group='dependencies', scripts=(PAGES, ), wiki=True))
    allow: tuple[str, ...] = policy_field(Option(
        Kind.TEXTS, 'import this page or namespace of the target (name or '
        'number) though it runs as code for others or belongs to the '
        'interface: the namespace MediaWiki, scripts and styles of users, '
        'gadgets. The plan shows the code; look at all of it. For wikis of '
        'your own, and never by a request', value='TITLE|NAMESPACE',
        default=(), group='arrival'))
    maxused: int = policy_field(Option(
        Kind.NUMBER, 'hold a dependency that would be changed and that more '
        'than N pages of the target use', value='N', default=500,
        group='existing', wiki=True))
    maxpages: int = policy_field(Option(
        Kind.NUMBER, 'refuse a plan that would change more than N pages; 0 '
        'is no limit', value='N', default=500, group='limits'))
    maxrevisions: int = policy_field(Option(
        Kind.NUMBER, 'refuse a plan that would send more than N revisions; '
        '0 is no limit', value='N', default=10000, group='limits'))
    via: Via = policy_field(Option(
        Kind.CHOICE, 'route of the imports', default='auto', choices=(
            Choice('auto', 'the target fetches the pages itself, wherever '
                   'that is allowed and complete; the bot uploads only what '
                   'cannot be had otherwise. The plan says which and why'),
            Choice('interwiki', 'never upload'),
            Choice('upload', 'always upload; faster, and needs the right '
                   '"importupload"')),
        group='sending', scripts=(PAGES, ), wiki=True))
    order: Order = policy_field(Option(
        Kind.CHOICE, 'order of uploaded revisions', default='auto',
        choices=(
            Choice('auto', 'in an upload, up to 20 revisions of a page in '
                   'the order of time, more in the fast order'),
            Choice('fast', 'the newest early: far less work for the target; '
                   'one revision gets another parent, ids are not in order '
                   'of time'),
            Choice('time', 'oldest first; such a page has to fit into one '
                   'upload')),
        group='sending'))
    before: str = policy_field(Option(
        Kind.TIME, 'only revisions up to then, e.g. 2020-12-31T23:59:59Z, '
        'by upload; what pages need is still found as of today',
        value='TIMESTAMP', group='sending', request=True,
        clashes=(Clash(('via', ), 'interwiki', _FETCHES_ALL), )))
    pin: bool = policy_field(Option(
        Kind.FLAG, 'by upload, each page up to the revision that was '
        'planned, even if the plan is applied another day; with -apply, for '
        'the pages that the plan uploads', default=False, group='sending',
        beside=('apply', ), wiki=True,
        clashes=(Clash(('via', ), 'interwiki', _FETCHES_NEWEST), )))
    authors: Authors = policy_field(Option(
        Kind.AUTHORS, "what becomes of authors' names", default='prefix',
        choices=(
            Choice('prefix', 'authors become PREFIX>Name'),
            Choice('local', 'those who have an account of the same name on '
                   'the target become that account: right only where both '
                   'wikis have their accounts in common'),
            Choice('file', 'names by a file, "Name = Name here" a line, by '
                   'upload', shown='FILE')),
        group='sending', wiki=('prefix', 'local')))
    authormap: Pairs = policy_field(Option(
        Kind.PAIRS, 'names on the source with those on the target',
        default=(), scripts=()))
    interwikiprefix: str = policy_field(Option(
        Kind.TEXT, "in uploads, before authors' names instead of the "
        "source's", value='PREFIX', group='sending', scripts=(PAGES, )))
    post: Texts = policy_field(Option(
        Kind.CLEANUPS, 'clean up the pages that you asked for as the last '
        'step, which the plan shows: note:TEMPLATE (a template '
        'that says where the page is from), nocategories and '
        'nointerlanguage (such links go into comments), or a function that '
        'is installed here, NAME or NAME:ARGUMENT', value='NAME',
        default=(), group='cleaning', wiki=True))

    def __post_init__(self) -> None:
        """Check the values."""
        authors: object = self.authors
        if isinstance(authors, Mapping):
            self._set('authormap', authors)
            self._set('authors', 'file')
        given = {}
        for option in policy_options(type(self)):
            value = field_value(option, getattr(self, option.field))
            self._set(option.field, value)
            if value != option.default:
                given[option.name] = value
        check_together(policy_options(type(self)), given)

    def _set(self, field: str, value: object) -> None:
        object.__setattr__(self, field, value)

    def existing_for(self, role: Role, namespace: int) -> ExistingPages:
        """Return what to do with a page that the target has.

        :param namespace: of the page on the target
        """
        return (self.existing if self.is_as_dependency(role, namespace)
                else self.existingpages)

    def is_as_dependency(self, role: Role, namespace: int) -> bool:
        """Return whether what counts for dependencies counts for a page.

        :param namespace: of the page on the target
        """
        return role is not Role.REQUESTED or (
            self.asdependencies and namespace in (TEMPLATE, MODULE))

    def history_of(self, role: Role) -> History:
        """Return ``full`` or ``current`` for pages of a role."""
        return (self.history if role is Role.REQUESTED
                else self.templatehistory)


def policy_options(policy: Any = Policy) -> tuple[Option, ...]:
    """Return the rows of the fields of a policy.

    :param policy: the class
    """
    return _policy_options(policy)


@cache
def _policy_options(policy: Any) -> tuple[Option, ...]:
    return tuple(
        replace(option, field=item.name, name=option.name or item.name)
        for item in fields(policy) for option in [item.metadata['option']])


def _params() -> str:
    """Return what the rows say of the fields, for the docstring."""
    return '\n'.join(fill(
        f':param {option.field}: {option.help}', 79, initial_indent=' ' * 4,
        subsequent_indent=' ' * 8) for option in policy_options())


Policy.__doc__ = (Policy.__doc__ or '').replace(
    '    :raises', f'{_params()}\n    :raises', 1)

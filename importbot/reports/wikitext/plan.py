"""Plans and reports as wikitext; every word of a wiki is escaped."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from importbot.i18n import message, said
from importbot.model.decisions import Decision, Outcome, Role
from importbot.model.notes import Note
from importbot.model.plan import Plan, PlannedPage
from importbot.model.printable import listed
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.reports.wikitext.escape import link, page_link, plain
from importbot.reports.words.notes import note_sentence


__all__ = ('advice', 'cleanup_lines', 'error_text', 'needs_person',
           'note_lines', 'outcome', 'page_table', 'plan_wikitext',
           'wikitable_head')


def plan_wikitext(plan: Plan, language: str,
                  diffs: Iterable[str] = ()) -> str:
    """Return notes and decisions of a plan in wikitext.

    :param language: language of the reasons
    :param diffs: what stands against what, in wikitext
    """
    return '\n'.join([
        *note_lines(plan.notes, language), *cleanup_lines(plan, language),
        page_table(plan, range(len(plan.pages)), language, caption=plan.id),
        *diffs, ''])


def note_lines(notes: Iterable[Note], language: str) -> list[str]:
    """Return the notes of a plan or report as items of a list.

    :param notes: of the plan or report
    """
    return [f'* {plain(note_sentence(note, language))}' for note in notes]


def cleanup_lines(plan: Plan, language: str) -> list[str]:
    """Return which clean-ups which pages get, as items of a list."""
    pages: dict[tuple[str, ...], list[str]] = {}
    for page in plan.pages:
        if page.cleanups:
            pages.setdefault(page.cleanups, []).append(link(page.target))
    return ['* ' + message(
        language, 'cleanups', names=plain(', '.join(names)),
        pages=listed(links)) for names, links in pages.items()]


def page_table(plan: Plan, places: Iterable[int], language: str, *,
               results: Sequence[PageResult] | None = None,
               caption: str = '', folded: bool = False) -> str:
    """Return some pages of a plan as a table.

    :param places: of the pages in the plan
    :param results: what became of all pages, once there is something
    :param caption: of the table
    :param folded: whether it is shown closed first
    """
    last = 'target' if results is None else 'outcome'
    heads = ' !! '.join(message(language, f'table-{name}') for name in (
        'page', 'role', 'decision', 'reason', 'latest', last))
    rows = wikitable_head(heads, caption, folded=folded)
    for place in places:
        page = plan.pages[place]
        end = (_target(page) if results is None
               else outcome(results[place], language))
        rows += ['|-', '| ' + ' || '.join((
            page_link(plan.source.prefix or '', page.title),
            message(language, f'role-{page.role.value}'),
            message(language, f'decision-{page.decision.value}'),
            plain(message(language, f'reason-{page.reason.value}')),
            _version(plan, page), end))]
    return '\n'.join([*rows, '|}'])


def wikitable_head(heads: str, caption: str, *, folded: bool) -> list[str]:
    """Return the lines with which a table begins.

    :param heads: of its columns, in wikitext
    :param caption: of the table, empty for none
    :param folded: whether it is shown closed first
    """
    look = 'mw-collapsible mw-collapsed' if folded else 'sortable'
    named = [f'|+ style="white-space: nowrap" | {plain(caption)}'
             ] if caption else []
    return [f'{{| class="wikitable {look}"', *named, f'! {heads}']


def _version(plan: Plan, page: PlannedPage) -> str:
    """Return a permanent link to the revision that is imported."""
    if not page.import_steps or page.newest is None:
        return ''
    return link(f'{plan.source.prefix}:Special:PermanentLink/'
                f'{page.newest.id}', str(page.newest.id))


def _target(page: PlannedPage) -> str:
    return link(page.target) if page.target else ''


def outcome(result: PageResult, language: str) -> str:
    """Return what became of a page.

    :param result: of the page
    """
    name = result.outcome.value if result.outcome else 'none'
    text = plain(message(language, f'outcome-{name}'))
    return f'{text}{error_text(result.error, language)}'


def error_text(error: Problem | None, language: str) -> str:
    """Return what went wrong with a page, after its outcome.

    What a wiki answered stays as it is, in whatever language it did.

    :param error: empty for nothing
    """
    if error is None:
        return ''
    attributes = ' lang="en" dir="ltr"' if error.is_quoted else ''
    return f' <small{attributes}>{plain(said(language, error))}</small>'


def advice(page: PlannedPage, prefix: str, language: str) -> str:
    """Return why a page stays out and what a person can do, as an item.

    :param page: on hold or refused
    :param prefix: interwiki prefix of the source
    """
    reason = page.reason.value
    text = plain(message(language, f'reason-{reason}'))
    with suppress(KeyError):  # not every reason has a remedy
        text += '; ' + plain(message(language, f'advice-{reason}'))
    # Where the source lacks it, that is where to look for its spelling.
    shown = (page_link(prefix, page.title) if not page.target
             or page.is_missing_on_source else link(page.target))
    return f'* {shown}: {text}'


def needs_person(page: PlannedPage, result: PageResult | None = None,
                 ) -> bool:
    """Return whether a page is what a person should look at first.

    :param result: what became of it, None before
    """
    if page.decision is Decision.HOLD or (
            page.decision is Decision.REFUSE
            and page.role is Role.REQUESTED):
        return True
    return result is not None and result.outcome not in (
        Outcome.VERIFIED, Outcome.UNCHANGED)

"""Lists of pages of a run, for other scripts."""
from __future__ import annotations

from collections.abc import Iterable

from importbot.model.decisions import Outcome, Role
from importbot.model.notes import NoteKind
from importbot.model.report import Report
from importbot.model.titles import FILE


__all__ = ('FILES', 'LISTS', 'can_be_named', 'list_text', 'listed_titles')

#: The files that imported pages show and the target lacks, and those of which
#: a page was imported.
FILES = 'files'

#: What a list can be of, besides all pages.
LISTS = (*(role.value for role in Role), FILES)

_BROUGHT = (Outcome.IMPORTED, Outcome.VERIFIED)


def listed_titles(report: Report, of: str = '') -> tuple[str, ...]:
    """Return titles of a run, in the order of its plan.

    Pages that differ from the source or did not arrive are no pages to
    work on; a person has to look at them first.

    :param report: of the run
    :param of: one of :data:`LISTS`, empty for all pages that it brought
    :return: full titles on the target; of files with the English
        namespace, as every wiki reads it and they are still on another
    """
    brought = [page for page, result in zip(report.plan.pages,
                                            report.results, strict=True)
               if page.steps and result.outcome in _BROUGHT]
    if of != FILES:
        return tuple(page.target_text for page in brought
                     if of in ('', page.role.value))
    titles = {str(page.title) for page in brought}
    shown = (note.page for note in report.plan.notes
             if note.kind is NoteKind.FILES
             and not titles.isdisjoint(note.needed_by))
    # Of these an import brings the description alone.
    described = (str(page.title) for page in brought
                 if page.title.namespace == FILE)
    return tuple(dict.fromkeys(
        'File:' + title.partition(':')[2] for title in (*described, *shown)))


def can_be_named(title: str) -> bool:
    """Return whether pywikibot can name a page.

    MediaWiki has titles that end in U+0085. Python takes that for a space,
    pywikibot drops it and has another page then.

    :param title: full title
    """
    return title == title.strip()


def list_text(titles: Iterable[str]) -> str:
    """Return a list as the option ``-file:`` of pywikibot's scripts reads it.

    The colon makes a link of what would else be a category or a picture,
    should somebody put the list on a page.

    :param titles: full titles
    """
    return ''.join(f'[[:{title}]]\n' for title in titles)

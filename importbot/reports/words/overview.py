"""What stands above and between the pages of an overview, in words."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from importbot.i18n import message
from importbot.model.decisions import Relation
from importbot.model.plan import PlannedPage
from importbot.model.printable import listed, printable
from importbot.model.undo_plan import UndoDecision
from importbot.reports.overview import (
    OTHER_TEXT,
    CountedNote,
    Group,
    Overview,
    SectionKind,
    Tally,
)
from importbot.reports.words.changes import AnyPage, reason_sentence
from importbot.reports.words.notes import note_sentence


__all__ = ('counted_note', 'group_said', 'group_title', 'headline',
           'headline_of_several', 'joined', 'relation_word',
           'section_title', 'tallies_sentence', 'why')


def joined(sign: str, parts: Iterable[str], language: str) -> str:
    """Return parts of a sentence with a sign between them, as a language
    has it.

    :param sign: ``colon``, ``comma`` or ``semicolon``
    :param parts: what is said
    """
    return reduce(lambda one, other: message(
        language, f'join-{sign}', one=one, other=other) if one else other,
        parts, '')


def headline(overview: Overview, language: str) -> str:
    """Return how many pages there are of what; of a report, how it went.

    :param language: of the sentence
    """
    counts = tallies_sentence(overview.tallies, language)
    if not overview.is_report:
        return counts
    return message(language, 'overview-well' if overview.is_well
                   else 'overview-not-well', counts=counts)


def headline_of_several(overviews: Sequence[Overview], language: str) -> str:
    """Return how many pages there are of what in several plans or reports.

    :param overviews: of one kind
    :param language: of the sentence
    """
    counts = sum((Counter(overview.tallies) for overview in overviews),
                 Counter[Tally]())
    together = replace(
        overviews[0], is_well=all(overview.is_well for overview in overviews),
        tallies={tally: counts[tally] for tally in Tally if counts[tally]})
    return message(language, 'overview-together', count=len(overviews),
                   verdict=headline(together, language))


def tallies_sentence(tallies: Mapping[Tally, int], language: str) -> str:
    """Return numbers of pages with their words.

    :param tallies: none of them 0
    :param language: of the words
    """
    return joined('comma', (
        _counted(tally, count, language)
        for tally, count in tallies.items()), language) or message(
            language, 'overview-empty')


def _counted(tally: Tally, count: int, language: str) -> str:
    number = 'one' if count == 1 else 'many'
    return message(language, f'overview-{number}-{tally.value}', count=count)


def section_title(kind: SectionKind, language: str) -> str:
    """Return the heading of a section.

    :param language: of the heading
    """
    return message(language, f'overview-section-{kind.value}')


def group_title(group: Group, pages: Sequence[AnyPage],
                language: str) -> str:
    """Return what the pages of a group are, how many, and why.

    :param pages: of the plan
    :param language: of the words
    """
    role = message(language, f'overview-role-{group.role.value}')
    return joined('colon', (role, group_said(group, pages, language)),
                  language)


def group_said(group: Group, pages: Sequence[AnyPage],
               language: str) -> str:
    """Return how many pages a group has, and why.

    :param pages: of the plan
    :param language: of the words
    """
    what = _counted(group.tally, len(group.places), language)
    said = why(pages[group.places[0]], language)
    return f'{what} – {said}' if said else what


def why(page: AnyPage, language: str) -> str:
    """Return the reason with the relation, where it says more than that a
    page is new, or is undone.

    :param page: of an import or an undo
    :param language: of the words
    """
    if page.decision is UndoDecision.UNDO or (
            isinstance(page, PlannedPage) and page.import_steps
            and page.relation in (None, Relation.MISSING)):
        return ''
    text = reason_sentence(page, language)
    word = relation_word(page, language)
    return f'{text} ({word})' if word else text


def relation_word(page: AnyPage, language: str) -> str:
    """Return the relation, where a person may have to judge by it.

    :param page: of an import or an undo
    :param language: of the word
    """
    if not isinstance(page, PlannedPage) or page.relation not in OTHER_TEXT:
        return ''
    if page.import_steps and page.relation is Relation.BEHIND:
        return ''  # the reason says so
    return message(language, f'html-relation-{page.relation.value}')


def counted_note(counted: CountedNote, language: str, *,
                 sentence: str = '') -> str:
    """Return a note, and of how many pages more it is true.

    :param counted: the note
    :param language: of the sentence
    :param sentence: of the note, if it is not the usual one
    """
    sentence = sentence or note_sentence(counted.note, language)
    others = _others(counted)
    if not others:
        return sentence
    return printable(message(
        language, 'overview-note-more', sentence=sentence,
        count=len(others), pages=listed(others)))


def _others(counted: CountedNote) -> list[str]:
    """Return the other pages; if it is about one page, what else it is
    about there."""
    note = counted.note
    pages = dict.fromkeys(
        other.page for other in counted.others
        if other.page not in ('', note.page))
    if pages:
        return [*pages]
    return [*dict.fromkeys(
        str(value) for other in counted.others
        for (_name, value), (_same, first)
        in zip(other.values, note.values, strict=False) if value != first)]

"""What the target itself says of pages that the account may not write to.

A reason of the plan says that much and no more. The wiki's own sentence
names what it is: a protection, a block, a filter of titles, or a setting
of a release that nobody here knows.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from importbot.model.decisions import Decision
from importbot.model.notes import Note, NoteKind
from importbot.model.titles import USER, Title
from importbot.planning.survey import Survey
from importbot.rules.decide import Verdict
from importbot.sources.transfer import Transfer


__all__ = ('notes_on_refusals', )

#: The right to write to pages of other users where the wiki keeps those to
#: them (``$wgRestrictUserPageEditing`` of MediaWiki 1.47, which no siteinfo
#: tells, and the extension UserPageEditProtection).
_USER_PAGES = 'editalluserpages'


def notes_on_refusals(survey: Survey, verdicts: Mapping[Title, Verdict],
                      transfer: Transfer) -> Iterator[Note]:
    """Yield why the account may not write to pages that are on hold."""
    said: dict[str, list[Title]] = {}
    for title, verdict in verdicts.items():
        target = survey.targets[title]
        arrival = survey.arrivals[title].title
        if (target and target.refusal and arrival
                and verdict.decision is Decision.HOLD):
            said.setdefault(target.refusal, []).append(arrival)
    for sentence, titles in said.items():
        yield _note(NoteKind.REFUSED, titles, says=sentence)
    access = transfer.access
    if _USER_PAGES in access.known_rights - access.rights:
        of_others = [title for titles in said.values() for title in titles
                     if title.namespace == USER
                     and title.name.partition('/')[0] != access.user]
        if of_others:
            yield _note(NoteKind.USER_PAGES, of_others, right=_USER_PAGES)


def _note(kind: NoteKind, titles: Iterable[Title], **more: str) -> Note:
    names = sorted(map(str, titles))
    return Note(kind, names[0], (
        *more.items(), ('count', len(names)), ('titles', tuple(names))))

"""Words that reports on runs of the journal share."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial

from importbot.i18n import message
from importbot.journal.records import PageRecord, RunSummary
from importbot.model.decisions import Decision, Outcome
from importbot.model.undo_plan import UndoDecision
from importbot.reports.words.changes import outcome_sentence


__all__ = ('counted', 'host', 'lasted', 'moment', 'ordered', 'outcome_word',
           'reason', 'requested', 'requester', 'revisions', 'state', 'way',
           'word')

#: Counts are told in this order, then those of words that nobody knows.
_ORDER = list(dict.fromkeys(word.value for word in (
    Decision.IMPORT, *UndoDecision, *Decision, Outcome.VERIFIED, *Outcome)))


def word(language: str, kind: str, name: str) -> str:
    """Return a word of the journal in a language, or itself.

    :param language: code of the language
    :param kind: what messages about such words begin with
    :param name: the word; a later release may have written one that this
        one does not know
    """
    with suppress(KeyError):
        return message(language, f'{kind}-{name}')
    return name


def state(run: RunSummary, language: str) -> str:
    """Return how a run ended, what it undoes and what undoes it."""
    parts = [word(language, 'run-state', run.state)]
    if run.undoes is not None:
        parts.insert(0, message(language, 'run-undoes', run=run.undoes))
    parts += [message(language, 'run-undone', run=number)
              for number in run.undone_by]
    return ', '.join(parts)


def requester(run: RunSummary, language: str) -> str:
    """Return who asked for a run.

    :param language: of the words where nothing proves who it was
    """
    return run.requester or message(language, 'request-nobody')


def reason(page: PageRecord, run: RunSummary, language: str) -> str:
    """Return why a page was decided about as it was.

    :param run: its run
    """
    kind = 'reason' if run.undoes is None else 'undo-reason'
    return word(language, kind, page.reason)


def outcome_word(run: RunSummary, language: str) -> Callable[[str], str]:
    """Return what says what became of pages of a run.

    :param run: of an import or an undo
    """
    return partial(outcome_sentence, language=language,
                   is_undo=run.undoes is not None)


def counted(counts: Mapping[str, int],
            say: Callable[[str], str] = str) -> str:
    """Return numbers with their words.

    :param counts: numbers of pages by word
    :param say: how a word is said
    """
    return ', '.join(f'{counts[name]} {say(name)}'
                     for name in ordered(counts))


def ordered(names: Iterable[str]) -> list[str]:
    """Return words in the order in which they are told.

    :param names: decisions and outcomes, or any others
    """
    return sorted(names, key=_rank)


def _rank(name: str) -> tuple[int, str]:
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)


def moment(time: str) -> str:
    """Return a time for people; of UTC, as on all wikis.

    :param time: as the journal has it
    """
    return time.partition('+')[0].replace('T', ' ')


def lasted(run: RunSummary) -> str:
    """Return how long a run took, empty where nobody knows."""
    if run.ended is None:
        return ''
    return str(datetime.fromisoformat(run.ended)
               - datetime.fromisoformat(run.started))


def host(api: str) -> str:
    """Return the short name of a wiki; of a dump, the name of its file.

    :param api: address of its API
    """
    return api.partition('://')[2].partition('/')[0] or api


def way(page: PageRecord) -> str:
    """Return the title, and where it goes if that is another.

    :param page: of a run
    """
    if page.target in ('', page.title):
        return page.title
    return f'{page.title} → {page.target}'


def requested(run: RunSummary) -> str:
    """Return the first of the requested pages, and how many more."""
    more = run.requests - 1
    return f'{run.requested} +{more}' if more > 0 else run.requested


def revisions(page: PageRecord) -> str:
    """Return from which revision to which a run brought a page.

    :param page: of the run
    """
    change = page.change
    if change is None or change.before == change.after:
        return ''
    return f'{change.before or "–"} → {change.after or "–"}'

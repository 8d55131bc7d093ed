"""What a person should know of words that mean something else there."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from importbot.model.decisions import Decision
from importbot.model.notes import Note, NoteKind
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import FILE, Title
from importbot.planning.survey import Survey
from importbot.rules.decide import Verdict
from importbot.sources.transfer import Transfer
from importbot.wikitext.references.vocabulary import Vocabulary


__all__ = ('notes_on_words', )

_FIRST_CUSTOM_NAMESPACE = 100


def notes_on_words(survey: Survey, verdicts: Mapping[Title, Verdict],
                   transfer: Transfer) -> Iterator[Note]:
    """Yield notes on words that mean nothing, or another thing, there."""
    imported = [title for title, verdict in verdicts.items()
                if verdict.decision is Decision.IMPORT]
    words: dict[str, set[Title]] = {}
    elsewhere: dict[str, set[Title]] = {}
    for title in imported:
        for kind, word in survey.references(title).words:
            if kind != 'namespace':
                if not _is_known(kind, word, transfer):
                    words.setdefault(word, set()).add(title)
            elif _leads_elsewhere(word, transfer.target_info):
                elsewhere.setdefault(f'{word}:', set()).add(title)
            elif not _means_the_same(word, transfer):
                words.setdefault(f'{word}:', set()).add(title)
    if words:
        pages = tuple(sorted(map(str, set().union(*words.values()))))
        yield Note.of(NoteKind.WORDS, pages[0], {
            'count': len(words), 'words': tuple(sorted(words)),
            'needed_by': pages})
    for prefix, titles in sorted(elsewhere.items()):
        pages = tuple(sorted(map(str, titles)))
        yield Note.of(NoteKind.OTHER_WIKI, pages[0], {
            'prefix': prefix, 'needed_by': pages})
    yield from _files(imported)


def _files(imported: Iterable[Title]) -> Iterator[Note]:
    files = tuple(sorted(str(title) for title in imported
                         if title.namespace == FILE))
    if files:
        yield Note.of(NoteKind.FILE_PAGES, files[0], {
            'count': len(files), 'titles': files})


def _is_known(kind: str, word: str, transfer: Transfer) -> bool:
    """Return whether a word works there, or is noted as lacking anyway."""
    target = transfer.target_info
    if kind == 'redirect':
        return target.word('redirect', word.rstrip(' :'))
    ours, theirs = (Vocabulary.of(info) for info in (
        transfer.source_info, target))
    if kind == 'variable':
        return theirs.is_variable(word)
    called = ours.function(word)
    return (called is None or called[0] not in target.functions
            or theirs.function(word) is not None)


def _leads_elsewhere(word: str, target: SiteInfo) -> bool:
    return (target.namespace_number(word) is None
            and word.replace('_', ' ').lower() in target.interwiki_prefixes)


def _means_the_same(word: str, transfer: Transfer) -> bool:
    """Return whether a namespace is that of the same meaning there."""
    number = transfer.source_info.namespace_number(word)
    number_on_target = transfer.target_info.namespace_number(word)
    return number_on_target == number or (
        number_on_target is not None and number is not None
        and number >= _FIRST_CUSTOM_NAMESPACE)

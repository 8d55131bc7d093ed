"""What a person should know before the table: will it work over there?"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from importbot.model.capabilities import Capability
from importbot.model.decisions import Decision, Relation, Role
from importbot.model.notes import Note, NoteKind, sorted_notes
from importbot.model.policy import Policy
from importbot.model.revisions import models_of, roles_of
from importbot.model.titles import Title
from importbot.planning.absence_notes import notes_on_absence
from importbot.planning.refusal_notes import notes_on_refusals
from importbot.planning.survey import Survey
from importbot.planning.word_notes import notes_on_words
from importbot.rules.code import runs_as_code
from importbot.rules.decide import Verdict, revisions_to_send
from importbot.sources.transfer import Transfer


__all__ = ('notes_of', )

_OTHER_TEXT = (Relation.BEHIND, Relation.DIVERGED, Relation.UNRELATED)

#: The extension that brings a Lua library; Scribunto has the others.
_LIBRARY_EXTENSIONS = {'mw.wikibase': 'WikibaseClient',
                       'mw.ext.data': 'JsonConfig',
                       'mw.ext.cargo': 'Cargo',
                       'mw.ext.TitleBlacklist': 'TitleBlacklist',
                       'mw.ext.FlaggedRevs': 'FlaggedRevs',
                       'mw.ext.ParserFunctions': 'ParserFunctions',
                       'mw.ext.proofreadPage': 'ProofreadPage'}


def notes_of(survey: Survey, verdicts: Mapping[Title, Verdict],
             transfer: Transfer) -> tuple[Note, ...]:
    """Return the notes of a plan, sorted by kind and page."""
    return sorted_notes((
        *_mixed(survey, verdicts), *_lacking(survey, verdicts, transfer),
        *notes_on_absence(survey, verdicts, transfer),
        *_equivalents(survey), *_hidden_categories(survey, verdicts),
        *_files(survey, verdicts, transfer), *_redirects(survey),
        *_mentioned(survey, transfer.policy), *_users(survey),
        *_allowed(survey, verdicts),
        *notes_on_refusals(survey, verdicts, transfer),
        *notes_on_words(survey, verdicts, transfer)))


def _spelled(titles: Iterable[Title]) -> tuple[str, ...]:
    return tuple(sorted(map(str, titles)))


def _imported(verdicts: Mapping[Title, Verdict]) -> list[Title]:
    return [title for title, verdict in verdicts.items()
            if verdict.decision is Decision.IMPORT]


def _mixed(survey: Survey,
           verdicts: Mapping[Title, Verdict]) -> Iterator[Note]:
    imported = set(_imported(verdicts))
    for title, verdict in verdicts.items():
        if verdict.relation in _OTHER_TEXT and title not in imported:
            needed_by = survey.needed_by(title) & imported
            if needed_by:
                yield Note.of(
                    NoteKind.MIXED, str(title), {
                        'relation': verdict.relation.value,
                        'needed_by': _spelled(needed_by)})


def _lacking(survey: Survey, verdicts: Mapping[Title, Verdict],
             transfer: Transfer) -> Iterator[Note]:
    target = transfer.target_info
    where: dict[tuple[str, str], list[Title]] = {}
    for title in _imported(verdicts):
        references = survey.references(title)
        lacking = [
            *(('tag', name) for name in references.tags - target.tags),
            *(('function', name)
              for name in references.functions - target.functions),
            *(('library', name) for name in references.libraries
              if _LIBRARY_EXTENSIONS.get(name) not in (
                  None, *target.extensions))]
        for item in lacking:
            where.setdefault(item, []).append(title)
    for title, source in survey.sources.items():
        if source.newest is None:
            continue
        sent = revisions_to_send(source, survey.closure.role(title),
                                 transfer.policy)
        models, roles = {source.model, *models_of(sent)}, roles_of(sent)
        for what, names in (('model', models - transfer.access.models),
                            ('slot', roles - transfer.access.roles)):
            for name in sorted(names):
                where.setdefault((what, name), []).append(title)
    for (what, name), titles in where.items():
        needed_by = _spelled(titles)
        yield Note.of(NoteKind.LACKING, needed_by[0], {
            'what': what, 'name': name, 'needed_by': needed_by})


def _equivalents(survey: Survey) -> Iterator[Note]:
    for title, link in survey.equivalents.items():
        yield Note.of(NoteKind.EQUIVALENT, str(title),
                      {'equivalent': link})


def _hidden_categories(survey: Survey, verdicts: Mapping[Title, Verdict],
                       ) -> Iterator[Note]:
    nodes = survey.closure.nodes
    hidden = frozenset().union(*(
        nodes[title].hidden for title in _imported(verdicts)
        if survey.closure.role(title) is not Role.CATEGORY)) - nodes.keys()
    if hidden:
        yield Note.of(NoteKind.HIDDEN_CATEGORIES, _spelled(hidden)[0], {
            'count': len(hidden), 'titles': _spelled(hidden)})


def _files(survey: Survey, verdicts: Mapping[Title, Verdict],
           transfer: Transfer) -> Iterator[Note]:
    """Yield notes on files that are shown and that the target lacks."""
    where: dict[Title, list[Title]] = {}
    for title in _imported(verdicts):
        for file in _shown(title, survey, transfer):
            where.setdefault(file, []).append(title)
    spelled = {str(transfer.target_info.normalized(file)): file
               for file in where}
    there = transfer.target.files(sorted(spelled))
    for file in sorted(spelled[text] for text in spelled.keys() - there):
        yield Note.of(NoteKind.FILES, str(file), {
            'needed_by': _spelled(where[file])})


def _shown(title: Title, survey: Survey,
           transfer: Transfer) -> Iterable[Title]:
    """Return the files that a page shows.

    A rendering has those of all its templates; where there is none, each
    text tells of its own.
    """
    if Capability.RENDER not in transfer.source.capabilities:
        return survey.references(title).files
    if survey.closure.role(title) is not Role.REQUESTED:
        return ()
    files = map(survey.closure.siteinfo.title,
                survey.closure.nodes[title].images)
    return {file for file in files if file}


def _redirects(survey: Survey) -> Iterator[Note]:
    for title in survey.closure.requested:
        # Of what a file was asked for, nothing was taken for a redirect.
        redirect = survey.closure.nodes[title].references.redirect
        onward = redirect and survey.sources.get(redirect)
        if redirect and onward and onward.newest:
            yield Note.of(NoteKind.REDIRECT, str(title), {
                'target': str(redirect)})


def _allowed(survey: Survey,
             verdicts: Mapping[Title, Verdict]) -> Iterator[Note]:
    code = [title for title in _imported(verdicts)
            if (arrival := survey.arrivals[title].title) and runs_as_code(
                arrival, survey.sources[title].model)]
    if code:
        titles = _spelled(code)
        yield Note.of(NoteKind.ALLOWED_CODE, titles[0], {
            'count': len(titles), 'titles': titles})


def _mentioned(survey: Survey, policy: Policy) -> Iterator[Note]:
    left_out = survey.closure.left_out()
    if left_out and policy.templates in ('auto', 'used'):
        yield Note.of(
            NoteKind.MENTIONED, str(survey.closure.requested[0]),
            {'count': len(left_out), 'titles': _spelled(left_out)})


def _users(survey: Survey) -> Iterator[Note]:
    for title, target in survey.targets.items():
        if target and target.users:
            yield Note.of(
                NoteKind.USERS, str(title),
                {'count': target.users})

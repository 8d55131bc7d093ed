"""What a person should know before the table: will it work over there?

Each note is a mapping with its ``kind`` and the ``page`` it is about:

``mixed``
    an imported page needs an existing one that is not the source's
``left-out``
    an imported page needs one that the target lacks and that is not taken
``lacking``
    the closure uses what the target does not have
``equivalent``
    the target has a page of another name that an interlanguage link names
``files``
    a file that neither the target nor its shared repository has
``redirect``
    a requested redirect, with the target that is taken for it
``mentioned``
    how many pages are mentioned and not taken
``missing-template``
    an imported page transcludes in vain on the target (in reports); with
    ``on_source`` false it does so on the source as well
``script-errors``
    how many script errors an imported page shows there (in reports)
``users``
    how many pages of the target show a page that is to be changed
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from importbot.model.decisions import Decision, Relation, Role
from importbot.model.policy import Policy
from importbot.model.revisions import models_of, roles_of
from importbot.model.titles import Title
from importbot.planning.survey import Survey
from importbot.planning.word_notes import notes_on_words
from importbot.rules.decide import Verdict, revisions_to_send
from importbot.sources.transfer import Transfer
from importbot.wikis.wiki import Wiki


__all__ = ('Note', 'notes_of', 'notes_on_rendering')

Note = Mapping[str, Any]

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
    notes = [*_mixed(survey, verdicts), *_left_out(survey, verdicts),
             *_lacking(survey, verdicts, transfer),
             *_equivalents(survey), *_files(survey, verdicts, transfer),
             *_redirects(survey), *_mentioned(survey, transfer.policy),
             *_users(survey), *notes_on_words(survey, verdicts, transfer)]
    return tuple(sorted(notes, key=lambda note: (
        note['kind'], note['page'], str(note))))


def notes_on_rendering(title: str, target: Wiki,
                       nowhere: Set[str] = frozenset()) -> tuple[Note, ...]:
    """Return what is wrong with an imported page as the target shows it.

    :param title: full title on the target
    :param target: the target
    :param nowhere: titles on the target that the source lacks as well
    """
    shown = target.rendering(title)
    notes: list[Note] = [{'kind': 'missing-template', 'page': title,
                          'template': name, 'on_source': name not in nowhere}
                         for name in shown.missing]
    if shown.script_errors:
        notes.append({'kind': 'script-errors', 'page': title,
                      'count': shown.script_errors})
    return tuple(notes)


def _spelled(survey: Survey, titles: Iterable[Title]) -> list[str]:
    return sorted(map(survey.closure.siteinfo.text, titles))


def _imported(verdicts: Mapping[Title, Verdict]) -> list[Title]:
    return [title for title, verdict in verdicts.items()
            if verdict.decision is Decision.IMPORT]


def _mixed(survey: Survey,
           verdicts: Mapping[Title, Verdict]) -> Iterator[Note]:
    imported = set(_imported(verdicts))
    for title, verdict in verdicts.items():
        if verdict.relation in _OTHER_TEXT and title not in imported:
            needed_by = survey.closure.needed_by(title) & imported
            if needed_by:
                yield {'kind': 'mixed',
                       'page': survey.closure.siteinfo.text(title),
                       'relation': verdict.relation.value,
                       'needed_by': _spelled(survey, needed_by)}


def _left_out(survey: Survey,
              verdicts: Mapping[Title, Verdict]) -> Iterator[Note]:
    imported = set(_imported(verdicts))
    for title in survey.closure.nodes.keys() - imported:
        target = survey.targets[title]
        needed_by = survey.closure.needed_by(title) & imported
        if (needed_by and survey.sources[title].newest
                and not (target and target.newest)
                and title not in survey.equivalents):
            yield {'kind': 'left-out',
                   'page': survey.closure.siteinfo.text(title),
                   'needed_by': _spelled(survey, needed_by)}


def _lacking(survey: Survey, verdicts: Mapping[Title, Verdict],
             transfer: Transfer) -> Iterator[Note]:
    target = transfer.target_info
    where: dict[tuple[str, str], list[Title]] = {}
    for title in _imported(verdicts):
        references = survey.closure.nodes[title].references
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
        needed_by = _spelled(survey, titles)
        yield {'kind': 'lacking', 'what': what, 'name': name,
               'page': needed_by[0], 'needed_by': needed_by}


def _equivalents(survey: Survey) -> Iterator[Note]:
    for title, link in survey.equivalents.items():
        yield {'kind': 'equivalent', 'equivalent': link,
               'page': survey.closure.siteinfo.text(title)}


def _files(survey: Survey, verdicts: Mapping[Title, Verdict],
           transfer: Transfer) -> Iterator[Note]:
    """Only renderings tell which files are shown, templates and all."""
    where: dict[str, list[Title]] = {}
    for title in _imported(verdicts):
        if survey.closure.role(title) is Role.REQUESTED:
            for name in survey.closure.nodes[title].images:
                file = survey.closure.siteinfo.title(name)
                if file:
                    where.setdefault(transfer.target_info.text(file),
                                     []).append(title)
    for name in where.keys() - transfer.target.files(sorted(where)):
        yield {'kind': 'files', 'page': name,
               'needed_by': _spelled(survey, where[name])}


def _redirects(survey: Survey) -> Iterator[Note]:
    spell = survey.closure.siteinfo.text
    for title in survey.closure.requested:
        redirect = survey.closure.nodes[title].references.redirect
        onward = redirect and survey.sources.get(redirect)
        if redirect and onward and onward.newest:
            yield {'kind': 'redirect', 'page': spell(title),
                   'target': spell(redirect)}


def _mentioned(survey: Survey, policy: Policy) -> Iterator[Note]:
    left_out = survey.closure.left_out()
    if left_out and policy.templates in ('auto', 'used'):
        spell = survey.closure.siteinfo.text
        yield {'kind': 'mentioned', 'count': len(left_out),
               'page': spell(survey.closure.requested[0]),
               'titles': _spelled(survey, left_out)}


def _users(survey: Survey) -> Iterator[Note]:
    for title, target in survey.targets.items():
        if target and target.users:
            yield {'kind': 'users', 'count': target.users,
                   'page': survey.closure.siteinfo.text(title)}

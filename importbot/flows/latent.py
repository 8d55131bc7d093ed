"""Pages whose texts an edit of the bot would not leave as they are.

What MediaWiki signs and substitutes when a text is saved, it does in the
name of who saves (:mod:`importbot.model.presave`).
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping

from importbot.flows.steps import text_of_edit
from importbot.flows.survey import Survey
from importbot.flows.wikipair import WikiPair
from importbot.model.policy import Verdict
from importbot.model.titles import Title
from importbot.model.words import Decision
from importbot.wikis.editor import Editor


__all__ = ('transformed_pages', )


def transformed_pages(found: Survey, verdicts: Mapping[Title, Verdict],
                      wikis: WikiPair) -> Iterator[Title]:
    """Yield the pages whose text an edit behind the import would change.

    :param found: what both wikis have
    :param verdicts: on all pages, by title on the source
    :param wikis: source and target
    """
    edits = {title: text for title, verdict in verdicts.items()
             if verdict.decision is Decision.IMPORT
             and (text := text_of_edit(verdict, found.sources[title],
                                       found.targets[title]))}
    editor, there = Editor(wikis.target.site), {
        title: wikis.target_info.text(arriving) for title in edits
        if (arriving := found.arrivals[title].title)}
    for title, text in (*_texts_of_source(edits, found, wikis),
                        *_texts_of_target(edits, there, found, wikis)):
        if not editor.keeps(there[title], text, found.sources[title].model):
            yield title


def _texts_of_source(edits: Mapping[Title, str], found: Survey,
                     wikis: WikiPair) -> Iterator[tuple[Title, str]]:
    titles = {wikis.source_info.text(title): title
              for title, whose in edits.items() if whose == 'source'}
    newest = {text: revision.id for text, title in titles.items()
              if (revision := found.sources[title].newest)}
    for text, content in wikis.source.texts(newest):
        yield titles[text], content


def _texts_of_target(edits: Mapping[Title, str], there: Mapping[Title, str],
                     found: Survey,
                     wikis: WikiPair) -> Iterator[tuple[Title, str]]:
    titles = {there[title]: title for title, whose in edits.items()
              if whose == 'target'}
    newest = {text: page.newest.id for text, title in titles.items()
              if (page := found.targets[title]) and page.newest}
    for text, content in wikis.target.texts(newest):
        yield titles[text], content

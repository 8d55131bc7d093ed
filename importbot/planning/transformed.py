"""Pages whose texts an edit of the bot would not leave as they are.

What MediaWiki signs and substitutes when a text is saved, it does in the
name of who saves (:mod:`importbot.wikitext.presave`).
"""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from importbot.model.decisions import Decision, TextAfter
from importbot.model.titles import Title
from importbot.planning.steps import text_of_edit
from importbot.planning.survey import Survey
from importbot.rules.decide import Verdict
from importbot.sources.transfer import Transfer
from importbot.wikis.editor import Editor
from importbot.wikitext.presave import substituted


__all__ = ('stays', 'transformed_pages')


def transformed_pages(survey: Survey, verdicts: Mapping[Title, Verdict],
                      transfer: Transfer) -> Iterator[Title]:
    """Yield the pages whose text an edit after the import would change.

    :param verdicts: on all pages, by title on the source
    """
    edits = {title: whose for title, verdict in verdicts.items()
             if verdict.decision is Decision.IMPORT
             and (whose := text_of_edit(verdict, survey.sources[title],
                                        survey.targets[title]))}
    targets = {title: str(arriving)
               for title, verdict in verdicts.items()
               if verdict.decision is Decision.IMPORT
               and (arriving := survey.arrivals[title].title)}
    coming = frozenset(targets.values())
    for title, text in (*_texts_of_source(edits, survey, transfer),
                        *_texts_of_target(edits, targets, survey, transfer)):
        if not stays(text, targets[title], survey.sources[title].model, coming,
                     transfer):
            yield title


def stays(text: str, title: str, model: str, coming: Collection[str],
          transfer: Transfer) -> bool:
    """Return whether an edit after the import would leave a text as it is.

    What it substitutes may be what the import brings.

    :param text: that is saved
    :param title: full title on the target
    :param coming: pages of the target that are imported before
    """
    return (Editor(transfer.target.site).keeps(title, text, model)
            and not any(name in coming for name
                        in substituted(text, transfer.target_info)))


def _texts_of_source(edits: Mapping[Title, TextAfter], survey: Survey,
                     transfer: Transfer) -> Iterator[tuple[Title, str]]:
    titles = {str(title): title
              for title, whose in edits.items() if whose is TextAfter.SOURCE}
    newest = {text: revision.id for text, title in titles.items()
              if (revision := survey.sources[title].newest)}
    for text, content in transfer.source.texts(newest):
        yield titles[text], content


def _texts_of_target(edits: Mapping[Title, TextAfter],
                     targets: Mapping[Title, str], survey: Survey,
                     transfer: Transfer) -> Iterator[tuple[Title, str]]:
    titles = {targets[title]: title for title, whose in edits.items()
              if whose is TextAfter.TARGET}
    newest = {text: page.newest.id for text, title in titles.items()
              if (page := survey.targets[title]) and page.newest}
    for text, content in transfer.target.texts(newest):
        yield titles[text], content

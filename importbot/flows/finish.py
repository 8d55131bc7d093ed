"""The steps behind an import: what it does not do by itself.

They are safe to carry out twice, so that a run that was cut between an
import and its edit is brought to its end by the next one.
"""
from __future__ import annotations

from dataclasses import dataclass

from importbot.flows.wikipair import WikiPair
from importbot.i18n import message
from importbot.model.errors import EditError, HiddenTextError, TargetError
from importbot.model.plans import Step
from importbot.wikis.editor import Editor


__all__ = ('ImportedTo', 'finish')


@dataclass(frozen=True)
class ImportedTo:

    """A page whose import is done and whose other steps are not.

    :param title: full title on the source
    :param target: full title that it is to have on the target
    :param revision: id of the revision of the source that was planned
    :param replaced: id of the target's newest revision before, 0 for none
    """

    title: str
    target: str
    revision: int
    replaced: int


def finish(page: ImportedTo, steps: tuple[Step, ...],
           wikis: WikiPair) -> None:
    """Carry out the edits and moves of a page.

    :param page: the page
    :param steps: its steps behind the import
    :param wikis: source and target
    :raises EditError: the target did not take it, or somebody edited the
        page in the meantime
    """
    for step in steps:
        if step.action == 'move':
            _move(page, step.landing, wikis)
        else:
            _show_text(page, step.text, wikis)


def _show_text(page: ImportedTo, whose: str, wikis: WikiPair) -> None:
    """Make the text of one side current again, or for the first time."""
    newest = wikis.target.newest(page.target)
    before = {revision.sha1 for revision in wikis.target.history(page.target)
              if revision.id == page.replaced}
    theirs = {revision.sha1 for revision in wikis.source.history(page.title)}
    # An edit in between may lie beneath the dummy revision of the import,
    # which is ours: only the text tells.
    if newest is None or newest.sha1 not in (before | theirs) - {''}:
        raise EditError(f'"{page.target}" was edited by somebody in the '
                        'meantime; its text was left alone')
    if whose == 'target' and newest.sha1 in before:
        return
    language, parameters = wikis.target_info.language, {
        'prefix': wikis.prefix, 'title': page.title,
        'revision': page.revision}
    if whose == 'source':
        try:
            text, author = wikis.source.revision_text(page.title,
                                                       page.revision)
        except HiddenTextError as error:
            raise EditError(str(error)) from error
        summary = message(language, 'summary-forward', author=author,
                          **parameters)
    else:
        text, _author = wikis.target.revision_text(page.target,
                                                     page.replaced)
        summary = message(language, 'summary-restore', **parameters)
    Editor(wikis.target.site).replace(page.target, text, newest.id, summary)


def _move(page: ImportedTo, landing: str, wikis: WikiPair) -> None:
    if wikis.target.newest(landing) is None:
        return  # a run before this one moved it
    try:
        Editor(wikis.target.site).move(
            landing, page.target,
            message(wikis.target_info.language, 'summary',
                    prefix=wikis.prefix, title=page.title,
                    revision=page.revision))
    except (EditError, TargetError):
        # A lost answer makes pywikibot move what is moved already.
        if (wikis.target.newest(landing)
                or not wikis.target.newest(page.target)):
            raise

"""What opens the source of an import, and knows what is asked for of it."""
from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, cast

import pywikibot
from pywikibot import pagegenerators
from pywikibot.bot import suggest_help
from pywikibot.site import APISite

from importbot.commands.importpages.wishes import (
    WishOpener,
    foreign_wikis,
    lines_of_many,
    may_name_wiki,
    named_pages,
    of_one_wiki,
    read_lines,
)
from importbot.commands.prompt import says_yes
from importbot.model.errors import SourceError, UsageError, first_line
from importbot.model.policy import Policy
from importbot.model.titles import Title
from importbot.planning.plan import titles_of
from importbot.reports.terminal.progress import ProgressBar
from importbot.rules.page_lists import FILES
from importbot.rules.wishes import Wishes, read_wishes
from importbot.sources.transfer import Transfer, connect, learn_target
from importbot.wikis.network import at_most, cause


__all__ = ('OpenedSource', 'SourceOpener', 'WikiOpener')

#: Answers that page generators may take.
_ANSWERS = 5000


@dataclass(frozen=True)
class OpenedSource:

    """A source that is connected with the target.

    :param transfer: both
    :param requested: returns the titles that are asked for, None if the
        command line is no use; a former run or plan has its own
    """

    transfer: Transfer
    requested: Callable[[], list[Title] | None]


class SourceOpener(Protocol):

    """What opens the source of an import; each kind of source has one."""

    def check_lists(self, kinds: Iterable[str], policy: Policy) -> None:
        """Refuse a list that the plan would know nothing of.

        :param kinds: what is to be listed, see :func:`imported_titles`
        :raises UsageError: so it is
        """

    @property
    def knows_source(self) -> bool:
        """Whether something else than an option may tell the source."""

    @property
    def left_out(self) -> bool:
        """Whether something that was asked for is in no source."""

    def open(self, target: APISite, policy: Policy, prefix: str | None,
             contexts: ExitStack) -> Sequence[OpenedSource]:
        """Open the source, or each of several.

        :param target: the target
        :param policy: what is wanted
        :param prefix: that a former run or plan had, None for the options'
        :param contexts: takes what is to be given back at the end
        :raises ImportbotError: it cannot be opened
        """


class WikiOpener:

    """Opens a wiki; page generators tell what is asked for.

    Several wikis are opened where lines of wishes, or prefixes of pages,
    name them.

    :param value: returns the value of an option
    :param arguments: what the options left of the command line
    """

    def __init__(self, value: Callable[[str], Any], arguments: Sequence[str],
                 _bar: ProgressBar) -> None:
        self._value = value
        self._generators: Sequence[str] = arguments
        self._source: str = value('source')
        self._wishes: WishOpener | None = None
        if value('requests') and arguments:
            raise UsageError('-requests names the pages; leave out '
                             f'{", ".join(arguments)}')

    @property
    def knows_source(self) -> bool:
        """Whether pages may be named with their wiki."""
        return bool(self._value('requests')) or any(
            map(may_name_wiki, self._generators))

    @property
    def left_out(self) -> bool:
        """Whether a wiki or a line could not be used."""
        return self._wishes is not None and self._wishes.left_out

    def check_lists(self, kinds: Iterable[str], policy: Policy) -> None:
        """Refuse a list of files that nobody looks for."""
        if FILES in kinds and policy.templates == 'none':
            raise UsageError(
                '-savelist:files needs to know what the pages show, and '
                '-templates:none does not look; leave out one of them')

    def open(self, target: APISite, policy: Policy, prefix: str | None,
             contexts: ExitStack) -> Sequence[OpenedSource]:
        """Connect the wikis."""
        if prefix is None and self.knows_source:
            wishes = self._read_wishes(target)
            if wishes:
                return self._opened(target, wishes, policy)
        transfer = connect(target, self._source if prefix is None
                           else prefix, policy)
        return [OpenedSource(transfer, lambda: self._requested(transfer))]

    def _opened(self, target: APISite, wishes: Wishes,
                policy: Policy) -> list[OpenedSource]:
        self._wishes = WishOpener(wishes, policy, self._goes_on)
        return [OpenedSource(source.transfer, partial(list, source.titles))
                for source in self._wishes.open(target)]

    def _read_wishes(self, target: APISite) -> Wishes | None:
        """Return what is wished, None if it is pages of one wiki.

        That wiki is the source then, and page generators name its pages.
        """
        name, source = self._value('requests'), self._value('source')
        lines = read_lines(name) if name else []
        wiki, siteinfo, access = learn_target(target)
        wikis = foreign_wikis(wiki, access, siteinfo,
                              lines or self._generators)
        if not name:
            named = named_pages(() if self._is_on_target
                                else self._generators, wikis)
            lines = lines_of_many(named, self._generators, source)
            if not lines:
                self._source, self._generators = of_one_wiki(
                    named, self._generators, source)
                return None
        wishes = read_wishes(lines, wikis, siteinfo, source)
        if not (wishes.wishes or wishes.problems):
            raise UsageError(f'-requests:{name} names no page; write one a '
                             'line, as en:Rover')
        if name:
            return wishes
        return replace(wishes, wishes=tuple(
            replace(wish, line=0) for wish in wishes.wishes), problems=tuple(
            (0, problem) for _line, problem in wishes.problems))

    def _goes_on(self) -> bool:
        return (not self._value('always') and sys.stdin.isatty()
                and says_yes('Go on without these lines?'))

    @property
    def _is_on_target(self) -> bool:
        return bool(self._value('on') == 'target')

    def _requested(self, transfer: Transfer) -> list[Title] | None:
        """Return the titles of the generators, None if they are no use."""
        policy = transfer.policy
        factory = pagegenerators.GeneratorFactory(
            site=(transfer.target.site if self._is_on_target
                  else transfer.source_site))
        try:
            unknown = factory.handle_args(self._generators)
            pages = None if unknown else factory.getCombinedGenerator()
            if suggest_help(unknown_parameters=unknown,
                            missing_generator=not unknown and pages is None):
                return None
            # What a generator follows by itself has an end as well.
            with at_most(_ANSWERS if policy.maxpages else sys.maxsize):
                titles = titles_of(cast(Iterable[pywikibot.Page], pages),
                                   transfer, policy.maxpages)
        except EOFError:
            raise UsageError('A page generator asks for a value and nobody '
                             'answers; give it, as in -page:TITLE') from None
        except (pywikibot.exceptions.Error, OSError, ValueError) as error:
            is_of_api = isinstance(error, pywikibot.exceptions.APIError)
            raise UsageError(
                'The page generators cannot be used: '
                + (cause(error) if is_of_api else first_line(error))
                ) from error
        except (LookupError, TypeError, AttributeError, AssertionError,
                RuntimeError) as error:
            # pywikibot takes what it reads for what MediaWiki answers.
            raise SourceError(
                'A wiki does not answer to the page generators as a '
                f'MediaWiki does ({cause(error)})') from error
        if not titles:
            raise UsageError('The page generators found no page; see '
                             'whether title and -source are right')
        return titles

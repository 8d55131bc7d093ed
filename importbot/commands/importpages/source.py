"""What opens the source of an import, and knows what is asked for of it."""
from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Protocol, cast

import pywikibot
from pywikibot import pagegenerators
from pywikibot.bot import suggest_help
from pywikibot.site import APISite

from importbot.model.errors import SourceError, UsageError, first_line
from importbot.model.policy import Policy
from importbot.model.titles import Title
from importbot.planning.plan import titles_of
from importbot.reports.terminal.progress import ProgressBar
from importbot.rules.page_lists import FILES
from importbot.sources.transfer import Transfer, connect
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

    def open(self, target: APISite, policy: Policy, prefix: str | None,
             contexts: ExitStack) -> OpenedSource:
        """Open the source.

        :param target: the target
        :param policy: what is wanted
        :param prefix: that a former run or plan had, None for the options'
        :param contexts: takes what is to be given back at the end
        :raises ImportbotError: it cannot be opened
        """


class WikiOpener:

    """Opens a wiki; page generators tell what is asked for.

    :param value: returns the value of an option
    :param arguments: what the options left of the command line
    """

    def __init__(self, value: Callable[[str], Any], arguments: Sequence[str],
                 _bar: ProgressBar) -> None:
        self._value = value
        self._generators = arguments

    def check_lists(self, kinds: Iterable[str], policy: Policy) -> None:
        """Refuse a list of files that nobody looks for."""
        if FILES in kinds and policy.templates == 'none':
            raise UsageError(
                '-savelist:files needs to know what the pages show, and '
                '-templates:none does not look; leave out one of them')

    def open(self, target: APISite, policy: Policy, prefix: str | None,
             contexts: ExitStack) -> OpenedSource:
        """Connect the wikis."""
        transfer = connect(target, self._value('source') if prefix is None
                           else prefix, policy)
        return OpenedSource(transfer, lambda: self._requested(transfer))

    def _requested(self, transfer: Transfer) -> list[Title] | None:
        """Return the titles of the generators, None if they are no use."""
        policy = transfer.policy
        factory = pagegenerators.GeneratorFactory(
            site=(transfer.target.site if self._value('on') == 'target'
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

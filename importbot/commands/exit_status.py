"""Exit statuses, one table for all scripts, and errors as sentences."""
from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable

import pywikibot

from importbot.model.decisions import Decision, Role
from importbot.model.errors import ImportbotError
from importbot.model.plan import Plan
from importbot.model.printable import printable
from importbot.reports.terminal.remedies import with_remedy
from importbot.wikis.network import guard


__all__ = ('FAILED', 'INTERRUPTED', 'ON_HOLD', 'WORK_TO_DO', 'guarded',
           'plan_status', 'tell', 'worst')

FAILED = 1
WORK_TO_DO = 2
ON_HOLD = 3
INTERRUPTED = 130
_WORST_FIRST = (INTERRUPTED, FAILED, WORK_TO_DO, ON_HOLD, 0)


def plan_status(plan: Plan) -> int:
    """Return the exit status that a plan alone leads to."""
    if any(page.decision is Decision.REFUSE and page.role is Role.REQUESTED
           for page in plan.pages):
        return FAILED
    return ON_HOLD if plan.summary['hold'] else 0


def worst(statuses: Iterable[int]) -> int:
    """Return the exit status of several things that were done.

    :param statuses: of each of them
    """
    return min(statuses, key=_WORST_FIRST.index, default=0)


def tell(error: ImportbotError) -> None:
    """Say what is wrong, and which options mend it.

    :param error: any error of ours
    """
    pywikibot.error('\n'.join(map(
        printable, with_remedy(error.problem).splitlines())))


def guarded(work: Callable[[], int]) -> int:
    """Return the exit status of some work, telling errors in a sentence.

    :param work: returns an exit status
    """
    guard()
    try:
        return work()
    except ImportbotError as error:
        tell(error)
        return FAILED
    except BrokenPipeError:
        # Whoever read the output has gone, as "head" does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except (pywikibot.exceptions.Error, ConnectionError) as error:
        # pywikibot itself goes to the target while it reads the options.
        pywikibot.error(printable(
            f'The target wiki cannot be used: {error}; see user-config.py '
            'and whether the wiki is up'))
        return FAILED
    except KeyboardInterrupt:
        pywikibot.info('\nInterrupted; nothing more is sent.')
        return INTERRUPTED

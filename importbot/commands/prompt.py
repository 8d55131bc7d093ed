"""The question before anything is done, and what can be looked at first."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pywikibot
from pywikibot.bot_choice import StandardOption

from importbot.commands.exit_status import tell
from importbot.model.errors import ImportbotError


__all__ = ('Look', 'answer_of', 'confirmed', 'says_yes')


@dataclass(frozen=True)
class Look:

    """An answer that is followed by the same question.

    :param word: in which the letter is marked
    :param letter: by which it is given
    :param shows: does what it asks for
    """

    word: str
    letter: str
    shows: Callable[[], object]


def confirmed(question: str, looks: Sequence[Look] = ()) -> bool:
    """Ask until the answer is yes or no; the end of the input is a no.

    :param question: with nothing after it
    :param looks: what else may be answered
    """
    options = [StandardOption('yes', 'y'), StandardOption('no', 'n'), *(
        StandardOption(look.word, look.letter) for look in looks)]
    while True:
        try:
            # What is shown has to wait until pywikibot has its answer: it
            # keeps all output back while it asks.
            answer = pywikibot.input_choice(question, options, default='n',
                                            automatic_quit=False)
        except EOFError:
            pywikibot.info()
            return False
        if answer in ('y', 'n'):
            return bool(answer == 'y')
        _look(next(look for look in looks if look.letter == answer))


def _look(look: Look) -> None:
    """Show something; what goes wrong there is no answer."""
    try:
        look.shows()
    except ImportbotError as error:
        tell(error)


def says_yes(question: str) -> bool:
    """Ask; the end of the input is a no.

    :param question: with nothing after it
    """
    return confirmed(question)


def answer_of(question: str) -> str:
    """Ask for a word; the end of the input is none.

    :param question: with nothing after it
    """
    try:
        return str(pywikibot.input(question)).strip()
    except EOFError:
        pywikibot.info()
        return ''

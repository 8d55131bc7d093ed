"""Which option or command mends a problem, for people at a command line.

Sentences of problems name none, because wikis and scripts have no command
line; here stands what is put after them, in brackets.
"""
from __future__ import annotations

from collections.abc import Iterable

from importbot.model.problems import Problem


__all__ = ('REMEDIES', 'remedied', 'with_remedy')

#: Options and commands by key of the problem; parameters are its values.
REMEDIES: dict[str, str] = {
    'account-logged-out': 'pwb login',
    'by-half': '-resume, importundo',
    'cut': '-resume',
    'hint-login-lost': 'pwb login',
    'hint-other-account': 'pwb login',
    'hint-session': 'pwb login',
    'settle': '-resume',
    'slipped-in': 'importundo',
    'unasked': 'importundo',
    'upload-head-too-large': '-via:interwiki',
    'upload-revision-too-large': '-via:interwiki',
}


def with_remedy(problem: Problem) -> str:
    """Return what is wrong, in English, and the options that mend it.

    :param problem: what is wrong
    """
    return remedied(str(problem), (
        REMEDIES[part.key] % part.values
        for part in reversed([*problem.parts()]) if part.key in REMEDIES))


def remedied(sentence: str, remedies: Iterable[str]) -> str:
    """Return a sentence with options and commands after it.

    :param sentence: in any language
    :param remedies: none if it is to stay as it is
    """
    named = ', '.join(dict.fromkeys(remedies))
    if not named:
        return sentence
    stop = sentence[-1] if sentence.endswith(('.', '。')) else ''
    return f'{sentence.removesuffix(stop)} ({named}){stop}'

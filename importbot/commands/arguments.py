"""A command line, before pywikibot writes it down."""
from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pywikibot

from importbot.commands.offline import offline
from importbot.journal.location import SETTING, VARIABLE
from importbot.model.errors import UsageError
from importbot.model.printable import printable
from importbot.reports.terminal.streams import encodable


__all__ = ('arguments_of', )

_ADDRESS = re.compile(r'([A-Za-z][A-Za-z0-9+.-]{0,40})://(\S+)')
#: A parameter of an address that is a password by its name.
_SECRET = re.compile(r'[?&;][^=&;]{0,40}(?:passw|passphrase|pwd|secret|token)'
                     r'[^=&;]{0,40}=', re.IGNORECASE)
#: Bytes at the end of a log that are looked at.
_TAIL = 2 ** 16


def arguments_of(arguments: Sequence[str]) -> list[str]:
    """Return what pywikibot's global options leave over.

    Whoever is on the machine sees a command line, and pywikibot keeps all
    of them in ``logs/commands.log``. No wiki is asked here.

    :param arguments: of a script; those of the process if there are none
    :raises UsageError: there is a password among them, or what no terminal
        of this encoding can have meant
    """
    given = list(arguments) or sys.argv[1:]
    secret = [argument for argument in given if _has_password(argument)]
    if secret:
        _forget(secret)
        name = secret[0].partition(':')[0] if secret[0].startswith(
            '-') else 'the command line'
        raise UsageError(
            f'A password is in {name[:40]}, where others on this machine see '
            'it and pywikibot writes it into logs/commands.log; put the URL '
            f"of the journal into user-config.py as {SETTING} = '…', or "
            f'into the environment variable {VARIABLE}, and change the '
            'password')
    for argument in given:
        if not encodable(argument, 'utf-8'):
            raise UsageError(
                f'"{printable(argument)}" is not in the encoding of this '
                f'system, {sys.getfilesystemencoding()}; set LANG or '
                'LC_ALL to what the terminal or the script uses')
    with offline():
        return list(pywikibot.handle_args(arguments))


def _has_password(argument: str) -> bool:
    """Whether there is an address with a password in an argument."""
    for scheme, rest in _ADDRESS.findall(argument):
        user = rest.rpartition('@')[0]
        # On the web an address may go on with such signs.
        is_web = scheme.lower() in ('http', 'https')
        if (':' in user and not (is_web and '/' in user)
                or _SECRET.search(rest)):
            return True
    return False


def _forget(secrets: Sequence[str]) -> None:
    """Blot out what pwb wrote down before this script had its turn.

    It does if a global option stands before the name of the script.
    """
    folder = Path(pywikibot.config.datafilepath('logs', create=False))
    for path in folder.glob('*.log'):
        with suppress(OSError), path.open('r+b') as log:
            start = max(0, log.seek(0, 2) - _TAIL)
            log.seek(start)
            tail = log.read()
            argument = tail
            for secret in secrets:
                word = secret.encode('utf-8', 'surrogateescape')
                tail = tail.replace(word, b'*' * len(word))
            if tail != argument:
                log.seek(start)
                log.write(tail)

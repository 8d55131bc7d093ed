"""A terminal of 80 columns for a command, with a person who says yes."""
from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping, Sequence


__all__ = ('at_a_terminal', )

_LINES, _COLUMNS = 40, 80
#: A question of pywikibot, which waits for a letter.
_QUESTION = re.compile(rb'\[y\][^\r\n]*$', re.IGNORECASE)
#: What moves the cursor or colours, and what a line showed before.
_CONTROLS = re.compile(r'\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]')
_OVERWRITTEN = re.compile(r'[^\n]*\r(?=[^\r\n])')


def at_a_terminal(command: Sequence[str],
                  environment: Mapping[str, str]) -> int:
    """Run a command as a person sees it, who answers yes to its question.

    Where nobody watches this program itself, the text alone is printed.

    :param command: the program and its arguments
    :param environment: its variables
    :return: exit status
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack(
        'HHHH', _LINES, _COLUMNS, 0, 0))
    with subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, close_fds=True,
            env={'TERM': 'xterm', **environment, 'COLUMNS': str(_COLUMNS),
                 'LINES': str(_LINES)}) as process:
        os.close(slave)
        printed = b''
        for part in _read(master):
            printed += part
            if sys.stdout.isatty():
                os.write(sys.stdout.fileno(), part)
            if _QUESTION.search(printed):
                os.write(master, b'y\n')
    os.close(master)
    if not sys.stdout.isatty():
        print(_plain(printed.decode(errors='replace')), end='', flush=True)
    return process.returncode


def _read(master: int) -> Iterator[bytes]:
    """Yield what is printed, until the command ended."""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # the other end is closed
            return
        if not part:
            return
        yield part


def _plain(text: str) -> str:
    """Return what stood on the terminal in the end, as lines."""
    text = _CONTROLS.sub('', text).replace('\r\n', '\n')
    return _OVERWRITTEN.sub('', text).replace('\r', '')

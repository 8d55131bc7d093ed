"""The journal that is meant where none is named."""
from __future__ import annotations

import ast
import os
from pathlib import Path

import pywikibot

from importbot.journal.journal import Journal
from importbot.model.errors import JournalError


__all__ = ('SETTING', 'VARIABLE', 'open_journal')

#: Name in user-config.py. pywikibot warns of names that it does not know,
#: unless they begin so.
SETTING = '_importbot_journal'
#: Environment variable.
VARIABLE = 'IMPORTBOT_JOURNAL'


def open_journal(url: str = '', *, reads_only: bool = False,
                 upgrades: bool = False) -> Journal:
    """Open the journal that an option names, or the usual one.

    That is the one of the environment, else that of user-config.py, else
    a file in pywikibot's directory.

    :param url: as given, empty for the usual one
    :param reads_only: see :class:`Journal`
    :param upgrades: see :class:`Journal`
    :raises JournalError: it cannot be used
    """
    return Journal(url or os.environ.get(VARIABLE) or _configured()
                   or pywikibot.config.datafilepath('importbot.sqlite'),
                   reads_only=reads_only, upgrades=upgrades)


def _configured() -> str:
    """Return the URL in user-config.py, empty if there is none.

    pywikibot forgets what is no setting of its own, so the file is looked
    at once more; it is not run again.
    """
    config = pywikibot.config
    path = Path(config.base_dir, config.user_config_file)
    value: object = ''
    try:
        state = path.stat()
        # As pywikibot itself decides whether to trust it.
        if os.name != 'nt' and (state.st_uid not in (os.getuid(), 0)
                                or state.st_mode & 0o02):
            return ''
        for node in ast.parse(path.read_bytes()).body:
            if isinstance(node, ast.Assign) and any(
                    isinstance(name, ast.Name) and name.id.lstrip('_')
                    == SETTING.lstrip('_') for name in node.targets):
                value = ast.literal_eval(node.value)
    except (OSError, SyntaxError):
        return ''
    except ValueError:
        value = None
    if not isinstance(value, str):
        raise JournalError(
            f'{SETTING} in user-config.py is no text that stands there as '
            'it is; give the name of a file or an SQLAlchemy URL in quotes, '
            f'or set the environment variable {VARIABLE}')
    return value

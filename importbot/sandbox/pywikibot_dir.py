"""The folder that makes every ``pwb`` script work on the sandbox."""
from __future__ import annotations

from pathlib import Path

from importbot.sandbox.wikis import ACCOUNTS


__all__ = ('write_pywikibot_dir', )


def write_pywikibot_dir(folder: Path, source_api: str,
                        target_api: str) -> None:
    """Write user-config.py and user-password.py.

    :param folder: what ``PYWIKIBOT_DIR`` will point to
    :param source_api: address of the source's API
    :param target_api: address of the target's API
    """
    folder.mkdir(parents=True, exist_ok=True)
    user, bot = ACCOUNTS['user'], ACCOUNTS['bot']
    config = folder / 'user-config.py'
    config.write_text(f"""\
from __future__ import annotations

family_files['sandboxsource'] = {source_api!r}
family_files['sandboxtarget'] = {target_api!r}
mylang = family = 'sandboxtarget'
usernames['sandboxsource']['sandboxsource'] = {user.name!r}
usernames['sandboxtarget']['sandboxtarget'] = {bot.name!r}
password_file = 'user-password.py'
put_throttle = 0
minthrottle = 0
""", encoding='utf-8')
    passwords = folder / 'user-password.py'
    passwords.write_text(
        f"('sandboxsource', {user.name!r}, {user.password!r})\n"
        f"('sandboxtarget', {user.name!r}, {user.password!r})\n"
        f"('sandboxtarget', {bot.name!r}, {bot.password!r})\n",
        encoding='utf-8')
    config.chmod(0o600)
    passwords.chmod(0o600)

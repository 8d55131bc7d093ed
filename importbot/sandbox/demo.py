"""One import from nothing to its report, between throw-away wikis."""
from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from importbot.sandbox import running


__all__ = ('demo', )


def demo(report: Path) -> int:
    """Bring two wikis up and import an article between them.

    :param report: where the JSON of the run goes
    :return: exit status of the bot: 0 only if every page ended as planned
    :raises SandboxError: the wikis cannot be brought up
    """
    report = report.resolve()
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    pwb = Path(sys.executable).with_name('pwb')
    arguments = ['importpages', '-source:en', '-page:Rover', '-always',
                 f'-report:{report}']
    print('Bringing two MediaWikis up; the first time this fetches and '
          'fills them, which takes a minute …', flush=True)
    with tempfile.TemporaryDirectory(prefix='importbot-demo-') as folder, \
            running(Path(folder, 'wikis')) as sandbox:
        print(f'source {sandbox.source.index}\n'
              f'target {sandbox.target.index}\n')
        print('$', shlex.join(['pwb', *arguments]), flush=True)
        status = subprocess.run(
            [str(pwb), *arguments],
            env={**os.environ,
                 'PYWIKIBOT_DIR': str(sandbox.pywikibot_dir)}).returncode
    if report.exists():
        print(f'\nThe report of the run: {report}')
    return status

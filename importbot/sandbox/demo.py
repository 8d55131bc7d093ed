"""A request from its form to its end, between throw-away wikis."""
from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from importbot.journal.journal import Journal
from importbot.journal.reports import recorded_details, recorded_report
from importbot.model.plan import as_text
from importbot.sandbox import Sandbox, running
from importbot.sandbox.person import Person
from importbot.sandbox.wikis import ACCOUNTS


__all__ = ('demo', )

_REQUEST = """{{{{{template}
 |source = {prefix}
 |pages =
   Rover
 |reason = The demonstration
 |status = new
}}}}"""


def demo(report: Path) -> int:
    """Bring two wikis up, ask for an article on one, and import it.

    :param report: where the JSON of the run goes; HTML goes next to it
    :return: exit status: 0 only if every page ended as planned
    :raises SandboxError: the wikis cannot be brought up
    """
    report = report.resolve()
    report.parent.mkdir(parents=True, exist_ok=True)
    written = (report, report.with_suffix('.html'))
    for path in written:
        path.unlink(missing_ok=True)
    print('Bringing two MediaWikis up; the first time this fetches and '
          'fills them, which takes a minute …', flush=True)
    with tempfile.TemporaryDirectory(prefix='importbot-demo-') as folder, \
            running(Path(folder, 'wikis')) as sandbox:
        print(f'source {sandbox.source.index}\n'
              f'target {sandbox.target.index}\n')
        status = _play(sandbox, report)
    if all(path.exists() for path in written):
        print('\nThe report of the run:', *written, sep='\n')
    return status


def _play(sandbox: Sandbox, report: Path) -> int:
    """Set request pages up, ask, plan, approve, import."""
    status = _pwb(sandbox, 'importrequests', '-install', '-always')
    if status:
        return status
    person = Person(sandbox.target.base, ACCOUNTS['user'])
    bot = ACCOUNTS['bot'].name
    configuration = json.loads(person.text(
        f'User:{bot}/importrequests.json'))
    page = configuration['pages'][0]
    print(f'\n{ACCOUNTS["user"].name} asks for "Rover" on "{page}".\n')
    person.edit(page, section='new', sectiontitle='Rover',
                text=_REQUEST.format(
                    template=configuration['templates'][0]['name'],
                    prefix=sandbox.prefix))
    status = _pwb(sandbox, 'importrequests')
    if status:
        return status
    print(f'\n{ACCOUNTS["user"].name} looks at the plan and approves it.\n')
    text = person.text(page)
    person.edit(page, text=text.replace('status = review',
                                        'status = approved'))
    status = _pwb(sandbox, 'importrequests')
    return status or _write_reports(sandbox, report)


def _pwb(sandbox: Sandbox, *arguments: str) -> int:
    pwb = Path(sys.executable).with_name('pwb')
    print('$', shlex.join(['pwb', *arguments]), flush=True)
    return subprocess.run(
        [str(pwb), *arguments], stdin=subprocess.DEVNULL,
        env={**os.environ,
             'PYWIKIBOT_DIR': str(sandbox.pywikibot_dir)}).returncode


def _write_reports(sandbox: Sandbox, path: Path) -> int:
    """Write the reports of the run; return whether all went as planned."""
    # pywikibot reads its configuration when it is imported, and the messages
    # need it: the sandbox itself has to run before there is one.
    os.environ['PYWIKIBOT_DIR'] = str(sandbox.pywikibot_dir)
    from importbot.i18n import interface_language
    from importbot.reports.html import report_html

    journal = Journal(str(sandbox.pywikibot_dir / 'importbot.sqlite'))
    run = journal.latest_run(sandbox.target.api)
    if run is None:
        print('Nothing was imported.')
        return 1
    report = recorded_report(journal, run)
    path.write_text(as_text(report.as_json()), encoding='utf-8')
    path.with_suffix('.html').write_text(report_html(
        report, interface_language(), details=recorded_details(journal, run)),
        encoding='utf-8')
    return 0 if report.went_as_planned else 1

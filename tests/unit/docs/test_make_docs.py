"""``make docs`` needs only what the documentation needs."""
from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.kit.building import ROOT, run, setup_cfg


def named(text: str) -> set[str]:
    """Return the distributions of a list of requirements."""
    return {canonicalize_name(Requirement(line).name)
            for line in text.splitlines() if line and line[0] != '#'}


def needed(names: set[str]) -> set[str]:
    """Return distributions with all that they need themselves."""
    found: set[str] = set()
    ahead = set(names)
    while ahead:
        found.add(name := ahead.pop())
        ahead |= set(_below(name)) - found
    return found


def _below(name: str) -> Iterator[str]:
    for line in requires(name) or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(
                {'extra': ''}):
            yield canonicalize_name(requirement.name)


def modules_of_tests() -> list[str]:
    """Return the modules that only tests have."""
    options = setup_cfg()['options']['install_requires']
    extras = setup_cfg()['options.extras_require']
    for_docs = needed(named(options) | named(extras['docs']))
    for_tests = named(extras['test'].replace('importbot[docs]', '')
                      ) - for_docs
    return [module for module, names in packages_distributions().items()
            if {canonicalize_name(name) for name in names} <= for_tests]


#: A finder of modules that refuses some, and what is done then.
WITHOUT = """
import sys
class Without:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in {modules!r}:
            raise ModuleNotFoundError(f'{{name}} is only for tests')
sys.meta_path.insert(0, Without())
sys.path[:0] = ['docs/_ext']
import myst_parser, furo, sphinx.cmd.build
import importbot_reference
for name, part in importbot_reference.PARTS.items():
    assert part(), name
"""


def test_documentation_is_made_without_what_only_tests_need() -> None:
    modules = modules_of_tests()
    assert {'pytest', 'selenium', 'hypothesis', 'mypy'} <= set(modules)
    done = run(sys.executable, '-c', WITHOUT.format(modules=modules),
               cwd=ROOT, PYWIKIBOT_NO_USER_CONFIG='2')
    assert done.status == 0, done.output


def test_make_docs_installs_the_extra_of_the_documentation_alone(
        tmp_path: Path) -> None:
    done = run('make', '-n', 'docs', f'VENV={tmp_path}/venv', cwd=ROOT)
    assert done.status == 0, done.output
    assert re.findall(r"-e '\.\[(.*)\]'", done.output) == ['docs']
    assert not re.search(r'apt-get install (?!python3-venv)|chromium|php'
                         r'|mariadb|importbot\.sandbox', done.output)
    # As it would be for the tests.
    done = run('make', '-n', 'lint', f'VENV={tmp_path}/venv', cwd=ROOT)
    assert re.findall(r"-e '\.\[(.*)\]'", done.output) == ['test']

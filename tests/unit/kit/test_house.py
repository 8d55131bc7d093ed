"""How the files are arranged: short, and what tests share in tests/kit."""
from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.kit.codeblocks import ROOT


TESTS = ROOT / 'tests'
FILES = sorted(path.relative_to(ROOT).as_posix()
               for path in TESTS.rglob('*.py'))


def names_imported(text: str) -> Iterator[str]:
    """Yield what a program imports, also those that stand in its strings.
    """
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, 'imports are absolute'
            yield from (f'{node.module}.{alias.name}' for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (line.split()[1] for line in node.value.splitlines()
                        if line.startswith(('from tests.', 'import tests.')))


def of_tests(name: str) -> bool:
    return name.startswith(('tests.unit', 'tests.wikis'))


def test_imports_of_tests_are_seen() -> None:
    found = set(names_imported(
        'from T.unit.a import b\nimport T.wikis.c\n'
        'def f():\n    from T.kit import d\n'
        'CHILD = """\nimport sys\nfrom T.wikis.e import g\n"""\n'
        .replace('T.', 'tests.')))
    assert set(filter(of_tests, found)) == {
        'tests.unit.a.b', 'tests.wikis.c', 'tests.wikis.e'}


def test_no_test_is_imported() -> None:
    found = {file: list(filter(of_tests, names_imported(
        (ROOT / file).read_text('utf-8')))) for file in FILES}
    assert len(found) > 100
    assert not {file: names for file, names in found.items() if names}


def test_no_file_of_the_package_is_long() -> None:
    lines = {path.relative_to(ROOT).as_posix():
             path.read_text('utf-8').count('\n')
             for path in (ROOT / 'importbot').rglob('*.py')}
    assert len(lines) > 100
    assert not {file: count for file, count in lines.items() if count > 450}


def test_only_commands_ask_whether_it_is_a_simulation() -> None:
    """What is below is told so, as a value."""
    asking = {path.relative_to(ROOT).as_posix()
              for path in (ROOT / 'importbot').rglob('*.py')
              if 'config.simulate' in path.read_text('utf-8')}
    assert asking
    assert not {file for file in asking
                if not file.startswith('importbot/commands/')}


def fixtures_of(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Yield name and text of the fixtures that others could have as well.

    One that only returns another chooses between those there are.
    """
    own = {node.name for node in body if isinstance(node, ast.ClassDef)}
    for node in body:
        if (isinstance(node, ast.FunctionDef)
                and any('pytest.fixture' in ast.unparse(decorator)
                        for decorator in node.decorator_list)
                and not (len(node.body) == 1 and isinstance(getattr(
                    node.body[0], 'value', None), ast.Name))
                and not own & {name.id for name in ast.walk(node)
                               if isinstance(name, ast.Name)}):
            yield node.name, ast.unparse(node)


def test_fixtures_of_one_name_and_body_stand_once() -> None:
    """Each is in the conftest.py of the folder whose tests have it."""
    seen: dict[str, str] = {}
    for file in FILES:
        for name, text in fixtures_of(ast.parse(
                (ROOT / file).read_text('utf-8')).body):
            same = seen.setdefault(text, file)
            assert same == file, f'{name} is in {same} and {file}'
    assert len(seen) > 50

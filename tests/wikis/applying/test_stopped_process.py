"""A process that is stopped past its lease writes nothing when it goes on.

Another bot has taken over by then. The first one waits for an answer of
the wiki while it is stopped, and finds it when it is continued.
"""
from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.kit.histories import fill_source
from tests.kit.relations import A, B, C
from tests.kit.specimens import put_specimens
from tests.kit.stopping import (
    after_lease,
    is_write,
    of_a_run,
    stopped_at,
    take,
)
from tests.kit.support import Box, Run, texts, write_histories


SETTINGS = '\n'.join(f"$wgGroupPermissions['importer']['{right}'] = true;"
                     for right in ('delete', 'suppressredirect'))
#: Pages that are kept as they are here: a text to bring back by an edit.
KEPT = 40
_numbers = itertools.count()


@pytest.fixture(scope='module')
def wikis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp('stopped'), empty=True,
             settings=SETTINGS) as box:
        titles = [f'Kept {number}' for number in range(KEPT)]
        fill_source(box, ((title, [A, B, C]) for title in titles))
        write_histories(box.target_tree, box.folder / 'target', 'en', {
            title: [A, B] for title in titles})
        yield box


@pytest.fixture(scope='module')
def specimens(wikis: Box) -> Iterator[str]:
    return put_specimens(wikis, 120)


@pytest.fixture
def journal(wikis: Box) -> Path:
    return wikis.folder / f'journal-{next(_numbers)}.sqlite'


def command(journal: Path, *options: str) -> list[str]:
    return ['importpages', '-source:en', '-always', '-serverlimit:2',
            '-templates:none', f'-journal:{journal}', *options]


def is_told(bot: Run) -> bool:
    return bot.status == 1 and ('lapsed and another bot took it over'
                                in ' '.join(bot.output.split()))


def came_once(box: Box, title: str) -> bool:
    theirs = box.on_source().history(title)
    ours = box.on_target().history(title)
    own = [row for row in ours if row['user'] == 'ImportBot']
    assert texts(theirs) <= texts(ours)
    assert len(ours) == len(theirs) + len(own)
    assert len(own) == len(box.on_target().imports(title)) == 1
    return True


def import_is_stopped(box: Box, journal: Path, titles: list[str],
                      route: str, number: int, action: str = 'query',
                      ) -> Run:
    """Stop an import, let another bot do it; return how the first ends."""
    line = command(journal, f'-via:{route}', *(
        f'-page:{title}' for title in titles))
    other, bot = stopped_at(
        box, after_lease(journal, number, action), line, journal,
        lambda: box.pwb(*line))
    assert other.status == 0, other.output
    assert all(came_once(box, title) for title in titles), bot.output
    return bot


@pytest.mark.parametrize(('route', 'action'), [
    ('upload', 'query'), ('interwiki', 'import'),
    pytest.param('upload', 'import', marks=pytest.mark.soak),
    pytest.param('interwiki', 'query', marks=pytest.mark.soak)])
def test_import(wikis: Box, journal: Path, specimens: Iterator[str],
                route: str, action: str) -> None:
    titles = [next(specimens) for _ in range(2)]
    bot = import_is_stopped(wikis, journal, titles, route, 0, action)
    assert is_told(bot), bot.output


def test_resumed_by_another(wikis: Box, journal: Path,
                            specimens: Iterator[str]) -> None:
    titles = [next(specimens) for _ in range(2)]
    line = command(journal, '-via:interwiki', *(
        f'-page:{title}' for title in titles))
    other, bot = stopped_at(
        wikis, after_lease(journal, action='import'), line, journal,
        lambda: wikis.pwb('importpages', '-resume', f'-journal:{journal}',
                          '-always', '-serverlimit:2'))
    assert other.status == 0, other.output
    assert is_told(bot), bot.output
    assert all(came_once(wikis, title) for title in titles)


@pytest.mark.soak
def test_edit_after_an_import(wikis: Box, journal: Path) -> None:
    title = f'Kept {next(_numbers)}'
    line = command(journal, '-existingpages:keep', f'-page:{title}')
    other, bot = stopped_at(
        wikis, after_lease(journal, action='import'), line, journal,
        lambda: wikis.pwb(*line))
    assert other.status == 0, other.output
    assert is_told(bot), bot.output
    assert wikis.on_target().text(title) == B[1]
    assert len(wikis.on_target().imports(title)) == 1


@pytest.mark.soak
def test_undo(wikis: Box, journal: Path, specimens: Iterator[str]) -> None:
    titles = [next(specimens) for _ in range(2)]
    line = undo(wikis, journal, *(f'-page:{title}' for title in titles))
    other, bot = stopped_at(wikis, after_lease(journal), line, journal,
                            lambda: wikis.pwb(*line))
    assert other.status == 0, other.output
    assert is_told(bot), bot.output
    for title in titles:
        assert not wikis.on_target().history(title)
        assert len(wikis.on_target().all(
            'logevents', list='logevents', letype='delete',
            letitle=title)) == 1


def undo(box: Box, journal: Path, *options: str) -> list[str]:
    """Import; return the command that undoes it."""
    run = box.pwb(*command(journal, *options))
    assert run.status == 0, run.output
    return ['importundo', '1', '-always', f'-journal:{journal}']


def imports(route: str) -> Callable[[Box, Path, str], list[str]]:
    return lambda _box, journal, title: command(
        journal, f'-via:{route}', f'-page:{title}')


#: Commands by what they write, one page each.
COMMANDS: dict[str, Callable[[Box, Path, str], list[str]]] = {
    'import': imports('interwiki'),
    'upload': imports('upload'),
    'edit': lambda _box, journal, _title: command(
        journal, '-existingpages:keep', f'-page:Kept {next(_numbers)}'),
    'move': lambda _box, journal, title: command(
        journal, '-via:interwiki', f'-page:{title}',
        f'-targettitle:{title} moved'),
    'deletion': lambda box, journal, title: undo(
        box, journal, f'-page:{title}'),
    'restoring edit': lambda box, journal, _title: undo(
        box, journal, '-existingpages:update',
        f'-page:Kept {next(_numbers)}'),
}


@pytest.mark.parametrize('kind', COMMANDS)
def test_between_the_last_answer_and_a_write(
        wikis: Box, specimens: Iterator[str], kind: str) -> None:
    """Whoever took over has done nothing yet that would be in the way."""
    journals = (wikis.folder / f'{kind} {number}.sqlite'
                for number in itertools.count())
    journal = next(journals)
    line = COMMANDS[kind](wikis, journal, next(specimens))
    with of_a_run(wikis, journal) as seen:
        done = wikis.pwb(*line)
    assert done.status == 0, done.output
    places = [place for place, exchange in enumerate(seen)
              if is_write(exchange) and place]
    assert places
    for place in places:
        journal = next(journals)
        line = COMMANDS[kind](wikis, journal, next(specimens))
        bot = stopped_at(wikis, after_lease(journal, place - 1), line,
                         journal, partial(take, journal))[1]
        assert is_told(bot), bot.output


@pytest.mark.soak
@pytest.mark.parametrize('kind', COMMANDS)
def test_at_every_answer(wikis: Box, specimens: Iterator[str],
                         kind: str) -> None:
    journal = wikis.folder / f'{kind} of all.sqlite'
    line = COMMANDS[kind](wikis, journal, next(specimens))
    with of_a_run(wikis, journal) as seen:
        wikis.pwb(*line)
    for place in range(len(seen) - 1):
        journal = wikis.folder / f'{kind} of {place}.sqlite'
        line = COMMANDS[kind](wikis, journal, next(specimens))
        bot = stopped_at(wikis, after_lease(journal, place), line, journal,
                         partial(take, journal))[1]
        assert is_told(bot), bot.output

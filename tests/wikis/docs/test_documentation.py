"""Every code block of README.md, docs and the helps does what it says."""
from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from tests.kit.codeblocks import BLOCKS, ELSEWHERE, CodeBlock
from tests.kit.following import GRANTS, Follower, kind_of, named_grants
from tests.kit.support import Box


pytestmark = pytest.mark.every


#: A page whose wiki is German, as that of its examples.
GERMAN = ('README.md', 'docs/requesters.md')

#: Who may delete what was imported may undo an import.
MAY_DELETE = "$wgGroupPermissions['user']['delete'] = true;"

#: What has happened before somebody reads a page.
BEFORE = {
    'docs/operators.md': ('install', ),
    'docs/runs.md': ('import Firefly Walker', ),
    'importrequests -help': ('install', ),
    'importruns -help': ('import Firefly Walker', ),
    'importundo -help': ('import Hopper', ),
}


@pytest.fixture(scope='module')
def reader(request: pytest.FixtureRequest,
           tmp_path_factory: pytest.TempPathFactory) -> Iterator[Follower]:
    """Return somebody who reads one page from its beginning."""
    follower = Follower(partial(
        Box, tmp_path_factory.mktemp('box'), settings=MAY_DELETE,
        source_lang='de' if request.param in GERMAN else 'en'))
    try:
        for step in BEFORE.get(request.param, ()):
            if step == 'install':
                follower.install()
            else:
                title = step.removeprefix('import ')
                follower.pwb('importpages', f'-source:{follower.box.prefix}',
                             f'-page:{title}', '-always')
        yield follower
    finally:
        follower.close()


def _is_elsewhere(name: str, block: CodeBlock) -> bool:
    return name in ELSEWHERE and (
        kind_of(block) in ('package', 'python')
        or block.text.startswith('pwb '))


@pytest.mark.parametrize(
    ('reader', 'block'), [
        pytest.param(*parameters.values, id=parameters.id)
        for parameters in BLOCKS if not _is_elsewhere(*parameters.values)],
    indirect=['reader'], scope='module')
def test_block_does_what_it_says(reader: Follower, block: CodeBlock) -> None:
    reader.follow(block)


def test_grants_are_called_as_on_the_wiki(box: Box) -> None:
    shown = {row['content']: row['name'].removeprefix('grant-')
             for row in box.on_target().get(
                 meta='allmessages', amlang='en', ammessages='|'.join(
                     f'grant-{name}' for name in GRANTS.values()),
             )['allmessages']}
    assert shown == GRANTS
    assert sorted(named_grants()) == sorted(GRANTS)

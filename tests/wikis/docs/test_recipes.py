"""docs/recipes.md: the upstream scripts after a real import, as it says."""
from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest

from importbot.sandbox.wikis import ACCOUNTS
from tests.kit.codeblocks import ROOT, blocks_of, command_lines
from tests.kit.support import Box, Client, Run


PAGE = ROOT / 'docs' / 'recipes.md'
BOT = ACCOUNTS['bot'].name

#: Scripts that ask before they write, if nobody says -always.
ASK = ('importpages', 'replace', 'template', 'cosmetic_changes',
       'mark_imported.py')
#: What stands there for the two wikis.
WIKIS = {'wikipedia:en': 'sandboxsource:sandboxsource',
         'wikibooks:de': 'sandboxtarget:sandboxtarget'}

#: PHP's own server knows no folder of uploads; this script reads it.
UPLOADS = """$wgEnableUploads = true;
$wgUploadPath = '/img_auth.php';
"""
FILE = 'Rover on a hill.jpg'
#: One grey pixel.
JPEG = base64.b64decode(
    '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP////////////////////////////////////'
    '//////////////////////////////////////////////////wgALCAABAAEBAREA/8QA'
    'FBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=')


class Kitchen:

    """Where recipes are followed.

    :param box: the wikis
    """

    def __init__(self, box: Box) -> None:
        self.box = box
        self.source = box.on_source()
        self.target = box.on_target()

    def follow(self, recipe: str) -> list[Run]:
        """Run the command lines of a recipe, one after the other."""
        done = []
        for block in blocks_of(PAGE, recipe):
            if block.language:
                continue
            for line in command_lines(block):
                assert line[0] == 'pwb', line
                done.append(self._run(line[1:]))
        return done

    def _run(self, words: list[str]) -> Run:
        words = [self._here(word) for word in words]
        if words[0] in ASK:
            words.append('-always')
        run = self.box.pwb(*words)
        assert run.status == 0, run.output
        return run

    def _here(self, word: str) -> str:
        """Return a word with the wikis of the box."""
        option, colon, value = word.partition(':')
        return option + colon + WIKIS.get(value, value)

    def listed(self, name: str) -> list[str]:
        """Return the titles of a list."""
        text = (self.box.folder / name).read_text(encoding='utf-8')
        return re.findall(r'^\[\[:(.+)\]\]$', text, re.M)

    def own_edits(self, title: str) -> list[str]:
        """Return summaries of the bot's edits that are no traces of import.
        """
        return [revision['comment'] for revision in self.target.history(title)
                if revision['user'] == BOT
                and 'import' not in revision['comment'].lower()]


@pytest.fixture
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kitchen]:
    """Two wikis with files that no recipe has touched."""
    with Box(tmp_path_factory.mktemp('box'), settings=UPLOADS,
             source_settings=UPLOADS) as box:
        yield Kitchen(box)


def upload(client: Client, name: str, content: bytes) -> None:
    """Put a file on a wiki."""
    token = client.get(meta='tokens')['tokens']['csrftoken']
    answer = client.session.post(client.api, data={
        'action': 'upload', 'filename': name, 'token': token,
        'ignorewarnings': 1, 'format': 'json'}, files={'file': content})
    assert answer.json()['upload']['result'] == 'Success', answer.text


def file_of(client: Client, name: str) -> dict[str, Any]:
    """Return what a wiki has of a file."""
    row = client.get(titles=f'File:{name}', prop='imageinfo',
                     iiprop='sha1|user')['pages'][0]
    return dict(*row.get('imageinfo', ()))


def test_list_of_a_run(kitchen: Kitchen) -> None:
    kitchen.follow('The list of a run')
    assert kitchen.listed('hopper.txt') == ['Hopper']
    everything = kitchen.listed('all.txt')
    logged = {entry['title'] for entry in kitchen.target.imports()}
    assert set(everything) == logged and len(everything) == len(logged) > 5


def test_replace(kitchen: Kitchen) -> None:
    before = '[[Category:Parts]] of this wiki'
    kitchen.target.edit('Balancing a chassis', before)
    kitchen.follow('replace')
    for title in ('Core drill', 'Mesh wheel'):
        text = kitchen.target.text(title)
        assert '[[Category:Workshop]]' in text, title
        assert '[[Category:Parts]]' not in text, title
    assert kitchen.target.text('Balancing a chassis') == before


def test_template(kitchen: Kitchen) -> None:
    kitchen.target.edit('Balancing a chassis', '{{Unit|1|km}}')
    kitchen.follow('template')
    assert '{{Unit|' in kitchen.source.text('Harrow 2')
    for title in ('Harrow 2', 'Template:Infobox rover'):
        text = kitchen.target.text(title)
        assert '{{Convert|' in text and '{{Unit|' not in text, title
    assert kitchen.target.text('Balancing a chassis') == '{{Unit|1|km}}'
    [page] = kitchen.target.get(titles='Template:Unit')['pages']
    assert page['missing']


def test_cosmetic_changes(kitchen: Kitchen) -> None:
    kitchen.follow('cosmetic_changes')
    assert kitchen.target.text('Hopper') != kitchen.source.text('Hopper')
    [summary] = kitchen.own_edits('Hopper')
    assert 'osmetic changes' in summary
    others = set(kitchen.target.snapshot()) - {'Hopper'}
    assert not [title for title in others if kitchen.own_edits(title)]


def test_listpages(kitchen: Kitchen) -> None:
    *_others, printed = kitchen.follow('listpages')
    assert set(kitchen.target.text('Project:Imported pages').split('\n')
               ) == {'* [[:Hopper]]', '* [[:Core drill]]'}
    assert 'Hopper' in printed.output.splitlines()
    assert 'Core drill' not in printed.output.splitlines()


def test_imagetransfer(kitchen: Kitchen) -> None:
    upload(kitchen.source, FILE, JPEG)
    assert not file_of(kitchen.target, FILE)
    kitchen.follow('imagetransfer')
    assert f'File:{FILE}' in kitchen.listed('files.txt')
    arrived = file_of(kitchen.target, FILE)
    assert arrived['user'] == BOT
    assert arrived['sha1'] == file_of(kitchen.source, FILE)['sha1']
    # The other files are nowhere.
    assert len(kitchen.target.all('allimages', list='allimages')) == 1


def test_logevents(kitchen: Kitchen) -> None:
    _imported, printed = kitchen.follow('logevents')
    assert 'Hopper' in printed.output.splitlines()
    assert 'Convert' not in printed.output.splitlines()


def test_script_with_imported_pages(kitchen: Kitchen) -> None:
    [script] = [block for block in blocks_of(PAGE, 'ImportedPages')
                if block.language == 'python']
    (kitchen.box.folder / 'mark_imported.py').write_text(script.text)
    kitchen.follow('ImportedPages')
    assert kitchen.target.text('Hopper').endswith('\n[[Category:Workshop]]')
    others = set(kitchen.target.snapshot()) - {'Hopper'}
    assert not [title for title in others if kitchen.own_edits(title)]

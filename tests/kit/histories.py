"""Pages with histories for what is measured: an article, templates, dumps."""
from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

from importbot.sandbox.php import maintenance
from tests.kit.support import Box


#: Full English title, and (timestamp, text) of the revisions, oldest first.
History = tuple[str, Sequence[tuple[str, str]]]

ARTICLE = 'Measured rover'
LARGE = 'Measured workshop'

_FIRST = datetime(2010, 1, 1, tzinfo=timezone.utc)
_NAMESPACES = {'Template': 10, 'Module': 828}
_AUTHORS = ('Anna', 'Old Surveyor', 'MapleCrater')
_DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'
_PROSE = ('rover wheel dust the a of and stone mast drill drives slowly over '
          'morning radio signal crater power cold night battery which is not '
          'under with from far as long plan day sol path')
_INFOBOX = """{{Infobox rover
| name      = Measured
| subtitle  = Revision %d
| builder   = Northern Rover Works
| mass      = 184
| wheels    = Six, of wire mesh
| speed     = 90
| power     = solar
| world     = Mars
| landed    = 2009-05-02
| site      = [[Sable Basin]]
| latitude  = -14.6
| longitude = 175.5
| distance  = 31.6
| status    = lost
}}
"""
_MODULE = """-- Revision %d
local p = {}

function p.main(frame)
	local words = {}
	for word in (frame.args[1] or ''):gmatch('%%a+') do
		words[#words + 1] = mw.ustring.upper(word)
	end
	return table.concat(words, ' ')
end

return p
"""


def article(revisions: int = 200, size: int = 15_000) -> Iterator[History]:
    """Yield an article with the Lua infobox of the sample wiki.

    :param revisions: how many; all differ in infobox and text
    :param size: characters of each
    """
    start = [*_sections(size)]
    found = []
    for number in range(1, revisions + 1):
        text = list(start)
        text[number % len(text)] += f'It was driven {number} times.\n\n'
        found.append(_INFOBOX % number + ''.join(text) + '<references />\n')
    yield ARTICLE, _dated(found)


def with_templates(templates: int = 50, modules: int = 10,
                   revisions: int = 200) -> Iterator[History]:
    """Yield an article and what it uses, those with 3 to 8 revisions.

    Every fifth template uses another one, the last ones Lua.

    :param templates: how many
    :param modules: how many of them have a module
    :param revisions: of the article
    """
    for number in range(modules):
        yield f'Module:Measured {number}', _dated(
            [_MODULE % k for k in range(_some(number))])
    for number in range(templates):
        body = f'Part {number} of {{{{{{1|}}}}}}'
        if number < modules:
            body = f'{{{{#invoke:Measured {number}|main|{{{{{{1|}}}}}}}}}}'
        elif number % 5 == 0:
            body += f' {{{{Measured {number - 1}|{number}}}}}'
        yield f'Template:Measured {number}', _dated(
            [f'{body} <!-- {k} -->' for k in range(_some(number))])
    uses = ''.join(f'* {{{{Measured {number}|wheel and mast}}}}\n'
                   for number in range(templates))
    prose = ''.join(_sections(5000))
    yield LARGE, _dated([f'{prose}{uses}Checked {k} times.\n'
                         for k in range(revisions)])


def plain(pages: int, revisions: int, size: int) -> Iterator[History]:
    """Yield pages without templates, whose text costs next to nothing.

    :param pages: how many
    :param revisions: of each
    :param size: characters of each revision
    """
    line = f'{_PROSE}.\n\n'
    text = (line * (size // len(line) + 1))[:size]
    for page in range(pages):
        yield f'Plain {page:06}', _dated(
            [f'Page {page}, revision {number}. {text}'[:size]
             for number in range(revisions)])


def _sections(size: int) -> Iterator[str]:
    """Yield sections of prose with links and notes."""
    dice = random.Random(size)
    written = 0
    while written < size:
        words = dice.choices(_PROSE.split(), k=90)
        words[20] = f"'''{words[20]}'''"
        words[40] = f'[[{words[40]}]]'
        words[60] += f'<ref>Log of sol {dice.randrange(999)}</ref>'
        section = f'== Sol {written} ==\n{" ".join(words)}.\n\n'
        written += len(section)
        yield section


def _some(number: int) -> int:
    """Return a number of revisions from 3 to 8."""
    return 3 + number % 6


def _dated(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Return the texts with times, a day between two."""
    return [(f'{_FIRST + timedelta(days=day):%Y-%m-%dT%H:%M:%SZ}', text)
            for day, text in enumerate(texts)]


def write_dump(path: Path, pages: Iterable[History]) -> int:
    """Write an export as MediaWiki's dumps are, one page at a time.

    :param path: the file
    :param pages: what is in it
    :return: its size in bytes
    """
    spaces = ''.join(f'<namespace key="{number}" case="first-letter">'
                     f'{name}</namespace>'
                     for name, number in _NAMESPACES.items())
    with path.open('w', encoding='utf-8') as xml:
        xml.write(
            '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" '
            'version="0.11" xml:lang="en">\n<siteinfo><sitename>Measured'
            '</sitename><dbname>measured</dbname><base>http://127.0.0.1:9/'
            '</base><generator>MediaWiki 1.43</generator><case>first-letter'
            '</case><namespaces><namespace key="0" case="first-letter" />'
            f'{spaces}</namespaces></siteinfo>\n')
        last = 0
        for number, (title, history) in enumerate(pages, 1):
            space = _NAMESPACES.get(title.partition(':')[0], 0)
            xml.write(f'<page><title>{escape(title)}</title><ns>{space}</ns>'
                      f'<id>{number}</id>\n')
            last = _write_revisions(xml, space, history, last)
            xml.write('</page>\n')
        xml.write('</mediawiki>\n')
    return path.stat().st_size


def _write_revisions(xml: IO[str], namespace: int,
                     history: Sequence[tuple[str, str]], last: int) -> int:
    """Write the revisions of a page; return the last id that was used."""
    model, kind = (('Scribunto', 'text/plain') if namespace == 828
                   else ('wikitext', 'text/x-wiki'))
    for place, (time, text) in enumerate(history):
        last += 1
        parent = f'<parentid>{last - 1}</parentid>' if place else ''
        user = place % len(_AUTHORS)
        raw = text.encode()
        xml.write(
            f'<revision><id>{last}</id>{parent}<timestamp>{time}</timestamp>'
            f'<contributor><username>{_AUTHORS[user]}</username>'
            f'<id>{user + 1}</id></contributor><comment>Edit {place}'
            f'</comment><model>{model}</model><format>{kind}</format>'
            f'<text bytes="{len(raw)}" xml:space="preserve">{escape(text)}'
            f'</text><sha1>{_base36(raw)}</sha1></revision>\n')
    return last


def _base36(raw: bytes) -> str:
    """Return the SHA-1 as exports write it."""
    number = int(hashlib.sha1(raw).hexdigest(), 16)
    digits = []
    while number:
        number, digit = divmod(number, 36)
        digits.append(_DIGITS[digit])
    return ''.join(reversed(digits)).rjust(31, '0')


def fill_source(box: Box, pages: Iterable[History]) -> None:
    """Give the source pages, their ids in the order of time.

    Without a parse of every revision, and with link tables all the same.

    :param box: its wikis
    :param pages: what the source is to have
    """
    folder = box.folder / 'source'
    settings = folder / 'LocalSettings.php'
    found = list(pages)
    dump = folder / 'tmp' / 'fill.xml'
    write_dump(dump, found)
    maintenance(box.source_tree, settings, 'importDump', '--no-updates',
                '--no-local-users', '--username-prefix=old', str(dump))
    dump.unlink()
    source = box.on_source()
    for start in range(0, len(found), 20):
        titles = [title for title, _history in found[start:start + 20]]
        source.session.post(source.api, data={
            'action': 'purge', 'forcelinkupdate': 1, 'format': 'json',
            'titles': '|'.join(titles)}).raise_for_status()
    maintenance(box.source_tree, settings, 'runJobs')

"""Sample content: readable files on one side, export XML on the other.

Below ``content/source`` and ``content/target``::

    pages/Template/Infobox rover.wikitext    Template:Infobox rover
    pages/Template/Infobox rover/doc.wikitext
    pages/Main/Rover.wikitext                Rover
    pages/Module/Units/data.lua              Module:Units/data
    histories.ini                            how each page came to its text
    protections.ini                          titles to protect

A page's history is grown from its text: revision *k* of *n* holds the
first *k*/*n* of its words.
"""
from __future__ import annotations

import configparser
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from lxml import etree

from importbot.sandbox.errors import SandboxError


__all__ = ('CONTENT', 'SamplePage', 'authors', 'digest', 'export_xml',
           'protected_titles', 'sample_pages')

CONTENT = Path(__file__).parent / 'content'

_NAMESPACES = {'Main': 0, 'Talk': 1, 'User': 2, 'Project': 4, 'File': 6,
               'MediaWiki': 8, 'Template': 10, 'Template talk': 11,
               'Help': 12, 'Category': 14, 'Module': 828}
#: By suffix: content model, format, whether the suffix is in the title.
_MODELS = {'.wikitext': ('wikitext', 'text/x-wiki', False),
           '.lua': ('Scribunto', 'text/plain', False),
           '.css': ('sanitized-css', 'text/css', True),
           '.json': ('json', 'application/json', True)}
_SCHEMA = 'http://www.mediawiki.org/xml/export-0.11/'
_IP = re.compile(r'\d+\.\d+\.\d+\.\d+')


@dataclass(frozen=True)
class SamplePage:

    """A page of the sample content and how its history is to grow.

    :param namespace: namespace number
    :param title: full title with the English namespace
    :param model: content model
    :param format: its serialisation
    :param text: current text
    :param revisions: number of revisions
    :param authors: who takes turns in editing
    :param first: time of the first revision
    :param last: time of the newest revision
    :param reverts: numbers of the revisions that vandalise and are
        undone by the next
    """

    namespace: int
    title: str
    model: str
    format: str
    text: str
    revisions: int
    authors: tuple[str, ...]
    first: datetime
    last: datetime
    reverts: frozenset[int]

    def history(self) -> Iterator[tuple[datetime, str, str, str]]:
        """Yield time, author, comment and text of each revision."""
        ends = [match.end() for match in re.finditer(r'\S+', self.text)]
        step = (self.last - self.first) / max(1, self.revisions - 1)
        for number in range(1, self.revisions + 1):
            when = (self.last if number == self.revisions
                    else self.first + step * (number - 1))
            author = self.authors[(number - 1) % len(self.authors)]
            if number in self.reverts:
                yield when, author, '', f'{self.title} is silly. {number}'
                continue
            undone = number - 1 in self.reverts
            shown = number - 2 if undone else number
            comment = ('Undid the last edit' if undone
                       else 'Created' if number == 1
                       else f'Section {number}')
            if number == self.revisions:
                yield when, author, comment, self.text
            else:
                end = ends[len(ends) * shown // self.revisions - 1]
                yield when, author, comment, self.text[:end]


def sample_pages(part: str) -> list[SamplePage]:
    """Return the pages of one part of the sample content.

    :param part: ``source`` or ``target``
    :raises SandboxError: a file or a history that does not fit
    """
    folder = CONTENT / part
    histories = _read_ini(folder / 'histories.ini')
    pages = [_sample_page(path, folder / 'pages', histories)
             for path in sorted((folder / 'pages').rglob('*'))
             if path.is_file()]
    unknown = set(histories.sections()) - {page.title for page in pages}
    if unknown:
        raise SandboxError(f'{folder / "histories.ini"} names pages that '
                           f'have no file: {", ".join(sorted(unknown))}')
    return pages


def _read_ini(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None,
                                       delimiters=('=', ))
    if path.exists():
        try:
            parser.read_string(path.read_text(encoding='utf-8'), str(path))
        except configparser.Error as error:
            raise SandboxError(' '.join(str(error).split())) from error
    return parser


def _sample_page(path: Path, folder: Path,
                 histories: configparser.ConfigParser) -> SamplePage:
    namespace, *rest = path.relative_to(folder).parts
    if namespace not in _NAMESPACES or path.suffix not in _MODELS:
        raise SandboxError(
            f'{path}: a sample page lies in a folder named after a '
            f'namespace ({", ".join(_NAMESPACES)}) and ends in one of '
            f'{", ".join(_MODELS)}')
    model, text_format, suffix_stays = _MODELS[path.suffix]
    name = '/'.join(rest)
    if not suffix_stays:
        name = name.removesuffix(path.suffix)
    title = name if namespace == 'Main' else f'{namespace}:{name}'
    row = (histories[title] if histories.has_section(title)
           else histories[histories.default_section])
    text = path.read_text(encoding='utf-8').strip()
    try:
        page = SamplePage(
            namespace=_NAMESPACES[namespace], title=title, model=model,
            format=text_format, text=text,
            revisions=row.getint('revisions', 1),
            authors=tuple(name.strip() for name in
                          row.get('authors', 'Anna').split(',')),
            first=_time(row.get('first', '2010-01-01T00:00:00Z')),
            last=_time(row.get('last', '2020-01-01T00:00:00Z')),
            reverts=frozenset(int(number) for number in
                              row.get('reverts', '').split(',') if number))
    except ValueError as error:
        raise SandboxError(f'The history of {title} cannot be read: '
                           f'{error}') from error
    return _grown(page, row.name == title)


def _grown(page: SamplePage, of_its_own: bool) -> SamplePage:
    """Return a page whose history its text can give.

    :param page: the page as its section of ``histories.ini`` wants it
    :param of_its_own: whether that is not the section of all others
    :raises SandboxError: the text or the history is too short for it
    """
    words = len(page.text.split())
    if page.revisions < 1 or (of_its_own and page.revisions > words):
        raise SandboxError(f'{page.title} is to have {page.revisions} '
                           f'revisions; its {words} words give 1 to {words}')
    if not all(1 < number < page.revisions for number in page.reverts):
        raise SandboxError(f'The reverts of {page.title} do not lie between '
                           'its first and its newest revision')
    return replace(page, revisions=min(page.revisions, words or 1))


def _time(text: str) -> datetime:
    return datetime.strptime(
        text.strip(), '%Y-%m-%dT%H:%M:%SZ').replace(tzinfo=timezone.utc)


def protected_titles(part: str) -> list[str]:
    """Return the titles that the part's ``protections.ini`` names."""
    return _read_ini(CONTENT / part / 'protections.ini').sections()


def authors(pages: list[SamplePage]) -> list[str]:
    """Return the names of the registered authors, sorted."""
    return sorted({author for page in pages for author in page.authors
                   if not _IP.fullmatch(author)})


def digest() -> str:
    """Return what changes whenever any file of the sample content does."""
    state = hashlib.sha256()
    for path in sorted(CONTENT.rglob('*')):
        if path.is_file():
            state.update(str(path.relative_to(CONTENT)).encode())
            state.update(path.read_bytes())
    return state.hexdigest()[:16]


def export_xml(pages: list[SamplePage]) -> bytes:
    """Return the pages with their histories as MediaWiki export XML."""
    stream = io.BytesIO()
    with etree.xmlfile(stream, encoding='utf-8') as xml, \
            xml.element('mediawiki', version='0.11',
                        nsmap={None: _SCHEMA}):
        xml.write(_siteinfo())
        for page in pages:
            xml.write(_page_element(page))
    return stream.getvalue()


def _siteinfo() -> etree._Element:
    info = etree.Element('siteinfo')
    namespaces = etree.SubElement(info, 'namespaces')
    for name, number in _NAMESPACES.items():
        element = etree.SubElement(namespaces, 'namespace', key=str(number),
                                   case='first-letter')
        element.text = '' if number == 0 else name
    return info


def _page_element(page: SamplePage) -> etree._Element:
    element = etree.Element('page')
    _add(element, 'title', page.title)
    _add(element, 'ns', str(page.namespace))
    for when, author, comment, text in page.history():
        revision = etree.SubElement(element, 'revision')
        _add(revision, 'timestamp', when.strftime('%Y-%m-%dT%H:%M:%SZ'))
        contributor = etree.SubElement(revision, 'contributor')
        _add(contributor, 'ip' if _IP.fullmatch(author) else 'username',
             author)
        _add(revision, 'comment', comment)
        _add(revision, 'model', page.model)
        _add(revision, 'format', page.format)
        _add(revision, 'text', text)
    return element


def _add(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = text

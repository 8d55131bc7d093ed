"""Export XML, read as a stream, whoever made it.

The schemas 0.3 to 0.11 are read.
"""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import takewhile
from typing import IO

from lxml import etree

from importbot.exports.elements import (
    SPACE,
    children_of,
    fields_of,
    shown,
    text_of,
)
from importbot.exports.exported import (
    ExportedPage,
    ExportedRevision,
    ExportSiteInfo,
)
from importbot.exports.values import (
    combined_sha1,
    is_stub,
    language_of,
    size_of,
    user_of,
)
from importbot.exports.xmlstream import AGAIN, PART, XMLEvent, XMLStream
from importbot.model.contentmodels import default_model
from importbot.model.revisions import MAIN_SLOT, Revision
from importbot.model.titles import Title


__all__ = ('ExportReader', 'model_by_title')

_TIMESTAMP = re.compile(
    r'[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z')
_NUMBER = re.compile(r'-?[0-9]{1,18}')
_BASE36 = re.compile(r'[0-9a-z]{1,31}')

#: Elements of which a revision or slot has at most one.
_SINGLE = frozenset({
    'comment', 'contributor', 'format', 'id', 'ip', 'minor', 'model',
    'origin', 'parentid', 'role', 'sha1', 'text', 'timestamp', 'username'})
#: Of those, the ones that hold elements themselves.
_NESTED = frozenset({'contributor', 'content'})


def model_by_title(title: str, namespace: int) -> str:
    """Return the content model of a page whose export names none.

    :param title: full title
    :param namespace: its number
    """
    name = title.partition(':')[2] if namespace else title
    return default_model(Title(namespace, name or title))


class ExportReader:

    """One pass over an export.

    :param stream: its bytes; only ``read(n)`` is used
    :param name: what it is, for sentences
    :param model_of: returns the content model of a page whose revisions
        name none, by its title and namespace in the export
    :param tell: takes what is wrong with an export of somebody else
    """

    def __init__(self, stream: IO[bytes], name: str,
                 model_of: Callable[[str, int], str] = model_by_title,
                 tell: Callable[[str], object] | None = None) -> None:
        self._model_of = model_of
        self._source = XMLStream(stream, name, tell)
        self._events = self._source.events()
        self._siteinfo: ExportSiteInfo | None = None
        #: Start of a page that was met when siteinfo was looked for.
        self._met: XMLEvent | None = None
        #: The page whose revisions are being read.
        self._page: etree._Element | None = None
        #: Content model of its revisions that name none.
        self._model = ''
        self._place = 'the beginning'
        self._error: Exception | None = None
        self._known_slots: dict[tuple[tuple[str, str], ...],
                                tuple[tuple[str, str], ...]] = {}

    @property
    def siteinfo(self) -> ExportSiteInfo:
        """What the export says of its wiki; read up to the first page.

        :raises BundleError: what comes is no export XML
        """
        if self._siteinfo is None:
            self._met = self._until_page()
        return self._siteinfo or ExportSiteInfo()

    def pages(self) -> Iterator[ExportedPage]:
        """Yield the pages.

        What was not read of a page is skipped when the next is asked for.

        :raises BundleError: what comes is no export XML
        """
        while True:
            while self._page is not None:
                self._in_page()
            event, self._met = self._met or self._until_page(), None
            if event is None:
                return
            self._page = event.element
            # The title has been read when the first revision starts.
            first = self._in_page()
            page = self._head(event.element, first)
            self._place = f'the page "{shown(page.title)}"'
            self._source.place = f'{"in" if first else "after"} {self._place}'
            yield page

    def _next(self) -> XMLEvent | None:
        """Return the next event; an error comes again and again."""
        if self._error:
            raise self._error
        try:
            return next(self._events, None)
        except Exception as error:
            # What comes after it would look like the end.
            self._error = error
            raise

    def _until_page(self) -> XMLEvent | None:
        """Return the start of the next page, None if there is none."""
        while (event := self._next()) is not None:
            if event.depth != 2:
                continue
            if event.start and event.name == 'page':
                self._siteinfo = self._siteinfo or ExportSiteInfo()
                return event
            if not event.start:
                if event.name == 'siteinfo' and self._siteinfo is None:
                    self._siteinfo = self._read_siteinfo(event.element)
                self._source.drop(event.element)
        return None

    def _in_page(self) -> XMLEvent | None:
        """Return the next start or end of a revision in the page.

        :return: None at the end of the page
        """
        while (event := self._next()) is not None:
            if event.depth == 2:
                self._source.drop(event.element)
                self._page = None
                self._source.place = f'after {self._place}'
                return None
            if event.depth == PART and event.name in ('revision', 'upload'):
                if not event.start:
                    self._source.drop(event.element)
                if event.name == 'revision':
                    return event
        self._page = None
        return None

    def _revisions(self, page: etree._Element) -> Iterator[ExportedRevision]:
        """Yield the revisions of a page as long as the reader is in it."""
        while self._page is page:
            event = self._in_page()
            if event is not None and not event.start:
                yield self._revision(event.element)

    def _head(self, element: etree._Element,
              first: XMLEvent | None) -> ExportedPage:
        """Return a page of which all is read up to the first revision.

        :param element: the page
        :param first: start of its first revision
        """
        # More of the page may have been parsed, or may not.
        fields = {name: child for child, name in takewhile(
            lambda item: item[1] != 'revision',
            children_of(element, self._source.root))}
        title = self._title(text_of(fields.get('title')).strip(SPACE))
        number = text_of(fields.get('ns')).strip(SPACE)
        if number:
            namespace = self._number(number, 'namespace')
        else:
            namespace = self._namespace(title)
        self._model = self._model_of(title, namespace)
        return ExportedPage(
            title, namespace, 'redirect' in fields,
            self._revisions(element) if first else iter(()))

    def _title(self, title: str) -> str:
        """Return a title if it is one."""
        if not title:
            self._source.refuse('has a page without a title', AGAIN)
        # Separators of lines and paragraphs are as good as line feeds.
        if any(unicodedata.category(char) in ('Cc', 'Zl', 'Zp')
               for char in title):
            self._source.refuse('has control characters in the title '
                                f'"{shown(title)}"',
                                'rename the page on the source and '
                                f'{AGAIN}')
        return title

    def _namespace(self, title: str) -> int:
        """Return the namespace of a title by its prefix."""
        prefix, colon, _name = title.partition(':')
        spelled = prefix.replace('_', ' ').strip().casefold()
        for number, name in self.siteinfo.namespaces.items():
            if colon and name and name.casefold() == spelled:
                return number
        return 0

    def _number(self, text: str, what: str) -> int:
        """Return a number as a file has it, 0 for an empty text."""
        text = text.strip(SPACE)
        if text and not _NUMBER.fullmatch(text):
            self._source.refuse(
                f'has "{shown(text)}" for the number of a {what}', AGAIN)
        return int(text or 0)

    def _read_siteinfo(self, element: etree._Element) -> ExportSiteInfo:
        """Return what a whole siteinfo element says."""
        root = self._source.root
        fields = fields_of(element, root)
        sitename, dbname, base = (
            text_of(fields.get(name)).strip(SPACE)
            for name in ('sitename', 'dbname', 'base'))
        namespaces = {
            self._number(str(child.get('key', '')), 'namespace'): child
            for child, name in children_of(fields.get('namespaces', ()), root)
            if name == 'namespace'}
        return ExportSiteInfo(
            sitename, dbname, base,
            {number: text_of(child).strip(SPACE)
             for number, child in namespaces.items()}, language_of(element),
            text_of(fields.get('case')).strip(SPACE),
            {number: str(child.get('case'))
             for number, child in namespaces.items() if child.get('case')})

    def _revision(self, element: etree._Element) -> ExportedRevision:
        """Return a revision of which all is read."""
        root = self._source.root
        fields = self._checked(element)
        contributor = self._checked(fields.get('contributor'))
        body = fields.get('text')
        if body is None:
            self._source.refuse('has a revision without a text element',
                                AGAIN)
        text = None if 'deleted' in body.attrib else text_of(body)
        if not text and text is not None and is_stub(body):
            self._source.refuse('has no texts',
                                'give a full dump, not a stub')
        slots = self._slots(element, text or '')
        model = text_of(fields.get('model')).strip(SPACE) or self._model
        gone = [name for name in ('text', 'contributor', 'comment')
                if name in fields and 'deleted' in fields[name].attrib]
        user = '' if 'contributor' in gone else user_of(contributor)
        digest, is_edited = '', False
        if text is not None:
            digest = combined_sha1(slots)
            is_edited = self._given_sha1(fields) not in ('', digest)
        return ExportedRevision(Revision(
            self._number(text_of(fields.get('id')), 'revision'),
            self._number(text_of(fields.get('parentid')), 'revision'),
            self._timestamp(text_of(fields.get('timestamp'))),
            digest, user, bool(gone), size_of(body, text, slots),
            self._models(element, model),
            None if 'comment' in gone else text_of(fields.get('comment')),
            'minor' in fields), model, text, element, root, is_edited)

    def _checked(self, element: etree._Element | None) -> dict[
            str, etree._Element]:
        """Return the children of an element by name.

        Which of two texts the importer would take is not for a reader to
        guess.
        """
        children: dict[str, etree._Element] = {}
        if element is None:
            return children
        for child, name in children_of(element, self._source.root):
            if name in children and name in _SINGLE:
                self._source.refuse(f'has a revision with two <{name}>',
                                    AGAIN)
            if (name in _SINGLE and name not in _NESTED and len(child)
                    and any(isinstance(inner.tag, str)
                            for inner in child)):
                self._source.refuse(f'has elements inside of <{name}>',
                                    AGAIN)
            children[name] = child
        return children

    def _timestamp(self, text: str) -> str:
        """Return a timestamp if it is one."""
        if not text:
            self._source.refuse('has a revision without a timestamp',
                                AGAIN)
        try:
            if not _TIMESTAMP.fullmatch(text):
                raise ValueError
            datetime.fromisoformat(text[:-1])
        except ValueError:
            self._source.refuse(
                f'has a revision with the timestamp "{shown(text)}"',
                f'{AGAIN}, times are written as 2024-12-31T23:59:59Z')
        return text

    def _slots(self, element: etree._Element, text: str) -> dict[str, str]:
        """Return the texts of a revision by the role of their slots.

        :param element: the revision
        :param text: of the main slot
        """
        texts = {'main': text}
        for child, name in children_of(element, self._source.root):
            if name != 'content':
                continue
            slot = self._checked(child)
            role = text_of(slot.get('role')).strip(SPACE)
            # The importer would take the later one.
            if not role or role in texts:
                self._source.refuse('has a revision with two slots '
                                    f'"{shown(role)}"', AGAIN)
            texts[role] = text_of(slot.get('text'))
        return texts

    def _models(self, element: etree._Element,
                model: str) -> tuple[tuple[str, str], ...]:
        """Return role and content model of the slots of a revision.

        :param element: the revision
        :param model: of the main slot
        """
        models = {MAIN_SLOT: model}
        for child, name in children_of(element, self._source.root):
            if name == 'content':
                slot = fields_of(child, self._source.root)
                models[text_of(slot.get('role')).strip(SPACE)] = text_of(
                    slot.get('model')).strip(SPACE)
        slots = tuple(sorted(models.items()))
        # Nearly all revisions of a file have the same.
        return self._known_slots.setdefault(slots, slots)

    def _given_sha1(self, fields: Mapping[str, etree._Element]) -> str:
        """Return the sha1 that a revision names, in hexadecimal."""
        given = text_of(fields.get('sha1')).strip(SPACE)
        if not given:
            return ''
        number = int(given, 36) if _BASE36.fullmatch(given) else -1
        if number < 0 or number >> 160:
            self._source.refuse('has a revision with the sha1 '
                                f'"{shown(given)}"',
                                f'{AGAIN}, it is written in base 36')
        return f'{number:040x}'

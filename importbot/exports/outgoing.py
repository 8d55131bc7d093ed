"""A revision as it is sent: of its known fields, each written anew.

What a source's export has besides is left out, so that every byte that
is sent was looked at. The importer takes an ``<ip>`` for whatever stands
in it, a local account too, and breaks off on some names: only addresses
are written as one.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from lxml import etree

from importbot.exports.elements import (
    SPACE,
    base36,
    children_of,
    escaped,
    fields_of,
    text_of,
)
from importbot.model.addresses import is_address


if TYPE_CHECKING:
    from importbot.model.revisions import Revision


__all__ = ('revision_xml', )

#: Base 36 of :data:`~importbot.model.revisions.EMPTY_SHA1`.
_EMPTY_BASE36 = 'phoiac9h4m842xq45sp7s6u21eteeq1'


def revision_xml(revision: Revision, model: str, author: str | None,
                 element: etree._Element, root: str) -> str:
    """Return a revision as an element for an upload.

    A hidden text gets the sha1 of the empty text that the importer makes
    of it: by it the importer knows a revision that it has already.

    :param revision: as it was read
    :param model: content model of its main slot
    :param author: name to write in place of the source's
    :param element: as it stands in the export
    :param root: prefix of the names that belong to the export
    """
    fields = fields_of(element, root)
    parts = [
        *(f'<{name}>{number}</{name}>' for name, number in (
            ('id', revision.id), ('parentid', revision.parent)) if number),
        f'<timestamp>{revision.timestamp}</timestamp>',
        _contributor(revision.user if author is None else author),
        '<minor/>' if 'minor' in fields else '',
        _comment(fields.get('comment')),
        f'<model>{escaped(model)}</model>',
        *_format_and_text(fields),
        *_slots(children_of(element, root), root),
        f'<sha1>{base36(revision.sha1) if revision.sha1 else _EMPTY_BASE36}'
        '</sha1>']
    return f'<revision>{"".join(parts)}</revision>'


def _contributor(name: str) -> str:
    """Return an author; without a name, one that is hidden."""
    if not name:
        return '<contributor deleted="deleted"/>'
    kind = 'ip' if is_address(name) else 'username'
    return f'<contributor><{kind}>{escaped(name)}</{kind}></contributor>'


def _comment(element: etree._Element | None) -> str:
    if element is None:
        return ''
    if 'deleted' in element.attrib:
        return '<comment deleted="deleted"/>'
    text = text_of(element)
    return f'<comment>{escaped(text)}</comment>' if text else ''


def _format_and_text(fields: Mapping[str, etree._Element]) -> list[str]:
    form = text_of(fields.get('format')).strip(SPACE)
    text = fields.get('text')
    if text is not None and 'deleted' in text.attrib:
        body = '<text deleted="deleted"/>'
    else:
        body = (f'<text xml:space="preserve">{escaped(text_of(text))}'
                '</text>')
    return [f'<format>{escaped(form)}</format>' if form else '', body]


def _slots(children: Iterable[tuple[etree._Element, str]],
           root: str) -> list[str]:
    """Return the slots besides the main one."""
    parts = []
    for child, name in children:
        if name != 'content':
            continue
        fields = fields_of(child, root)
        parts += ['<content>', *(
            f'<{field}>{escaped(value)}</{field}>'
            for field in ('role', 'model')
            if (value := text_of(fields.get(field)).strip(SPACE))),
            *_format_and_text(fields), '</content>']
    return parts

"""What an API answered, held to the types that its members have.

A member of a name is of one type wherever it stands. What is missing or
of another type is the fault of the wiki that answered, whoever reads it.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, NoReturn


__all__ = ('Fault', 'checked')

#: Raises the error of a wiki, told which member is odd.
Fault = Callable[[str], NoReturn]

_Types = dict[str, Callable[[Any], bool]]

_DEPTH = 40
_LONGEST_NAME = 2000
_BIGGEST = 2 ** 53
_TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ', re.ASCII)
_SHA1 = re.compile(r'(?:[0-9a-f]{40})?')


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_name(value: Any) -> bool:
    return (isinstance(value, str) and len(value) <= _LONGEST_NAME
            and '\n' not in value and '\0' not in value)


def _is_number(value: Any) -> bool:
    return type(value) is int and abs(value) < _BIGGEST


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < _BIGGEST


def _is_time(value: Any) -> bool:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return False
    try:
        datetime.strptime(value, '%Y-%m-%dT%H:%M:%SZ')
    except ValueError:
        return False
    return True


def _is_sha1(value: Any) -> bool:
    return isinstance(value, str) and bool(_SHA1.fullmatch(value))


def _is_flag(value: Any) -> bool:
    return type(value) is bool


def _is_object(value: Any) -> bool:
    # PHP writes an object without members as a list.
    return isinstance(value, dict) or value == []


def _are(kind: type) -> Callable[[Any], bool]:
    def are(value: Any) -> bool:
        return isinstance(value, list) and all(
            isinstance(item, kind) for item in value)
    return are


_are_rows, _are_texts = _are(dict), _are(str)

_TYPES: _Types = {
    **dict.fromkeys(
        ('query', 'continue', 'parse', 'paraminfo', 'general', 'userinfo',
         'slots', 'main', 'namespaces', 'pageprops'), _is_object),
    **dict.fromkeys(
        ('pages', 'revisions', 'deletedrevisions', 'normalized', 'interwiki',
         'images', 'langlinks', 'logevents', 'users', 'allrevisions',
         'embeddedin', 'transcludedin', 'interwikimap', 'namespacealiases',
         'magicwords', 'allmessages', 'protection', 'usergroups',
         'extensions', 'categories', 'redirects'), _are_rows),
    **dict.fromkeys(
        ('aliases', 'functionhooks', 'variables', 'extensiontags', 'rights',
         'groups'), _are_texts),
    **dict.fromkeys(
        ('title', 'from', 'to', 'user', 'name', 'prefix', 'url', 'alias',
         'wikiid', 'lang', 'generator', 'contentmodel', 'model',
         'dest_title', 'canonical', 'case', 'blockedby'), _is_name),
    **dict.fromkeys(
        ('comment', 'content', 'blockreason'), _is_text),
    **dict.fromkeys(
        ('revid', 'parentid', 'lastrevid', 'size', 'userid', 'count',
         'newrevid', 'oldrevid', 'editcount', 'maxarticlesize'), _is_count),
    **dict.fromkeys(('ns', 'pageid', 'logpage'), _is_number),
    **dict.fromkeys(('timestamp', 'curtimestamp', 'time'), _is_time),
    'sha1': _is_sha1, 'roles': _are_texts, 'tags': _are_texts,
    'minor': _is_flag,
}
#: Where a name stands for something else, by value and what it is in.
_ALSO: dict[str, Callable[[Any, dict[str, Any]], bool]] = {
    'blockreason': lambda value, _row: value is None,
    'editcount': lambda value, _row: value is None,
    # Whether a namespace has articles.
    'content': lambda value, row: type(value) is bool and 'case' in row,
    # Those that a wiki has; a revision bears names.
    'tags': lambda value, row: _are_rows(value) and 'revid' not in row,
}
#: What tells of modules has the names of everything.
_OF_MODULES: _Types = {
    'modules': _are_rows, 'parameters': _are_rows, 'name': _is_name,
    'type': lambda value: _is_text(value) or _are_texts(value)}
#: Tables of what is below a member.
_OTHERS: dict[str, _Types] = {
    'paraminfo': _OF_MODULES, 'continue': {},
    # Each kind of log has its own; a restoration counts by kinds.
    'logparams': {}, 'params': {
        'dest_title': _is_name, 'count': lambda value: (
            _is_count(value) or isinstance(value, dict))}}
#: Members whose own members have the names of others.
_UNREAD = frozenset({'limits', 'warnings'})


class _Members(dict[str, Any]):

    """An object of an answer, whose missing members are its fault."""

    __slots__ = ('_fault', )

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self._fault = fault

    def __missing__(self, key: str) -> NoReturn:
        self._fault(f'has no "{key}"')


class _Rows(list[Any]):

    """A list of an answer, whose missing rows are its fault."""

    __slots__ = ('_fault', )

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self._fault = fault

    def __getitem__(self, index: Any) -> Any:
        try:
            return super().__getitem__(index)
        except IndexError:
            self._fault('has a list without entries')


def checked(answer: Any, fault: Fault) -> dict[str, Any]:
    """Return an answer that can be read as if it were one.

    :param answer: what JSON made of it
    :param fault: raises the error of the wiki; also later, while it is
        read
    """
    if not isinstance(answer, dict):
        fault('is no object')
    whole = _Members(fault)
    waiting: list[tuple[Any, Any, int, _Types]] = [
        (answer, whole, 0, _TYPES)]
    while waiting:
        given, made, depth, types = waiting.pop()
        if depth > _DEPTH:
            fault('is nested too deep')
        items = given.items() if isinstance(given, dict) else (
            (None, value) for value in given)
        for key, value in items:
            if not depth and key in _UNREAD:
                continue
            if key is not None:
                _check(key, value, given, types, fault)
            inner: Any = value
            if isinstance(value, dict):
                inner = _Members(fault)
            elif isinstance(value, list):
                # An object without members comes as a list.
                inner = (_Members(fault) if not value and types.get(
                    key or '') is _is_object else _Rows(fault))
            if inner is not value:
                waiting.append((value, inner, depth + 1,
                                _OTHERS.get(key or '', types)))
            if key is None:
                made.append(inner)
            else:
                made[key] = inner
    return whole


def _check(key: str, value: Any, row: dict[str, Any], types: _Types,
           fault: Fault) -> None:
    """Hold one member to its type."""
    test = types.get(key)
    if test is None or test(value):
        return
    also = _ALSO.get(key)
    if also is None or not also(value, row):
        # Only what stands in the table above is quoted.
        fault(f'has an odd "{key}"')

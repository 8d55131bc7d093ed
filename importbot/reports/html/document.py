"""HTML pages that need nothing but themselves."""
from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import importbot
from importbot import i18n
from importbot.i18n import direction, message, said, spoken
from importbot.model.problems import Problem
from importbot.reports.html.differences import MOST_LINE
from importbot.reports.html.drawing import fitting
from importbot.reports.html.pieces import link, when
from importbot.reports.html.visible import isolated, shortened, visible


__all__ = ('document', 'look_of', 'render')

#: Of a list or text; what is longer nobody reads here, and JSON has it all.
_MOST = {'first_notes': 10, 'most_notes': 200, 'most_elsewhere': 12,
         'most_authors': 500, 'most_unresolved': 200, 'most_error': 600,
         'most_line': MOST_LINE}


def document(template: str, language: str, **values: Any) -> str:
    """Return a page as HTML.

    :param template: extends ``base.html.jinja`` and fills its blocks
    :param language: of all words that come from no wiki
    :param values: what the template shows; every text is escaped
    """
    style, script = _own('style.css'), _own('report.js')
    return str(render(
        template, language, style=style, script=script,
        style_hash=_hash(style), script_hash=_hash(script),
        dir=direction(spoken(language)), version=importbot.__version__,
        **values))


def render(template: str, language: str, **values: Any) -> Markup:
    """Return what a template makes of some values.

    :param template: its name
    :param language: of all words that come from no wiki
    :param values: what it shows; every text is escaped
    """
    def say(key: str, **parameters: object) -> str:
        return message(language, key, **parameters)

    def say_of(key: str, **parameters: object) -> Markup:
        return isolated(language, key, **parameters)

    def said_of(problem: Problem) -> Markup:
        """Return what is wrong; what others said of it is in English."""
        attributes = Markup(' lang="en"' if problem.is_quoted else '')
        return Markup('<small class="error"{} dir="auto">{}</small>').format(
            attributes, visible(shortened(said(language, problem),
                                          _MOST['most_error'])))

    return Markup(_environment().get_template(template).render(
        lang=spoken(language), say=say, say_of=say_of, said_of=said_of,
        **values))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader('importbot.reports.html'), autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined, finalize=visible, trim_blocks=True,
        lstrip_blocks=True)
    environment.filters.update(shortened=shortened, fitting=fitting)
    environment.globals.update(link=link, when=when, **_MOST)
    return environment


@cache
def look_of(language: str) -> str:
    """Return a digest of all that pages are made of but what they tell.

    :param language: of all words that come from no wiki
    """
    digest = hashlib.sha256(importbot.__version__.encode())
    for part in (files(__package__) / 'templates', files(i18n)):
        for path in sorted(part.iterdir(), key=lambda path: path.name):
            if part.name == 'templates' or path.name == (
                    f'{spoken(language)}.json'):
                digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _own(name: str) -> Markup:
    """Return style or script, which no word of a wiki gets into."""
    return Markup(files(__package__).joinpath(f'templates/{name}')
                  .read_text('utf-8'))


@cache
def _hash(text: str) -> str:
    """Return what allows just this text in a content security policy."""
    digest = hashlib.sha256(text.encode()).digest()
    return f'sha256-{base64.b64encode(digest).decode()}'

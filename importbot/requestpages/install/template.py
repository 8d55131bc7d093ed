"""The template of a request: its box, its documentation, its form."""
from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from importbot.model.option import Kind
from importbot.model.options import OPTIONS
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import TEMPLATE
from importbot.requestpages.install.names import KitNames, KitWords
from importbot.requestpages.status import FIELDS, STATE_FIELDS, Status
from importbot.requestpages.words import VALUES


__all__ = ('documentation', 'preload', 'request_text', 'template',
           'template_data')

#: Between parts that nothing may come between, a line end neither: in a
#: table it would become a paragraph before the box.
_GLUE = '<!--\n-->'

#: Parameters that are for the few.
_CHOICES = {option.field: option for option in OPTIONS.of_request}


def _value(words: KitWords, name: str) -> str:
    """Return wikitext for the value of a parameter, by any of its names."""
    code = ''
    for alias in reversed(words.aliases(name)):
        code = f'{{{{{{{alias}|{code}}}}}}}'
    return code


def _shown(words: KitWords, name: str) -> str:
    """Return wikitext that shows a value as it was written.

    Whatever it holds, the box stays whole, and so does what follows it.
    """
    return f'<bdi>{{{{#tag:nowiki|{_value(words, name)}}}}}</bdi>'


def _row(label: str, value: str, look: str = '') -> str:
    return (f'<tr><th scope="row" style="text-align: start">{label}</th>'
            f'<td style="text-align: start{look}">{value}</td></tr>')


def _optional_row(words: KitWords, name: str, look: str = '') -> str:
    row = _row(words.say(f'label-{name}'), _shown(words, name), look)
    return f'{{{{#if: {_value(words, name)} | {row} }}}}'


def _switch(words: KitWords, results: Mapping[Status, str],
            default: str = '') -> str:
    """Return wikitext that is one thing or another by the state."""
    cases = [f' | {" | ".join(_spellings(words, status))} = {result}'
             for status, result in results.items()]
    return '\n'.join((f'{{{{#switch: {{{{lc: {_value(words, "status")} }}}}',
                      *cases, f' | #default = {default} }}}}'))


def _spellings(words: KitWords, status: Status) -> list[str]:
    # Nothing written means a new one.
    return [*words.spellings(status), *(
        [''] if status is Status.NEW else ())]


def _categories(names: KitNames, words: KitWords) -> str:
    """Return wikitext that sorts a page by what its requests wait for.

    Templates and their subpages show requests, and make none.
    """
    own = {Status.REVIEW: names.review, Status.QUESTION: names.question}
    switch = _switch(words, {
        status: '' if status.keeps_bot_off
        else f'[[{own.get(status, names.category)}]]'
        for status in Status}, f'[[{names.question}]]')
    return (f'{{{{#ifeq: {{{{NAMESPACENUMBER}}}} | {TEMPLATE} | '
            f'| {switch} }}}}')


def template(names: KitNames, words: KitWords) -> str:
    """Return the text of the template.

    The reason is wikitext of the requester and stands outside of the box,
    which nothing of theirs can open or close.

    :param names: of the pages
    :param words: of the pages
    """
    anchor = (f'{{{{#if: {_value(words, "id")} | <span id="import-'
              f'{{{{anchorencode: {_value(words, "id")} }}}}"></span> }}}}')
    state = _switch(words, {status: words.state(status)
                            for status in Status}, _shown(words, 'status'))
    following = _switch(words, {status: words.next(status)
                                for status in Status},
                        words.say('next-unknown'))
    lines = '; white-space: pre-line'
    return _GLUE.join((
        f'<table class="wikitable importbot-request" {words.attributes}>',
        _row(words.say('label-status'), f"{anchor}'''{state}'''"),
        _row(words.say('label-next'), following),
        _optional_row(words, 'source'),
        _row(words.say('label-pages'), _shown(words, 'pages'), lines),
        *(_optional_row(words, name, lines) for name in _CHOICES),
        _optional_row(words, 'id'),
        _optional_row(words, 'plan'),
        '</table>',
        _categories(names, words),
        f'{{{{#if: {_value(words, "reason")} | <nowiki/>\n'
        f"'''{words.say('reason')}''' "
        f'{_value(words, "reason")} }}}}',
        f'<noinclude>\n{{{{{names.documentation}}}}}\n</noinclude>'))


def request_text(words: KitWords, values: Mapping[str, str],
                 help: str = '') -> str:
    """Return the wikitext of a new request, as the form has it.

    :param words: of the wiki
    :param values: of the parameters, by our names
    :param help: put before it, unseen
    """
    def one(name: str) -> str:
        return f'|{words.parameter(name)} = {values.get(name, "")}'.rstrip()

    more = ' '.join(one(name) for name in _CHOICES)
    return '\n'.join((
        *([f'<!-- {help} -->'] if help else ()),
        f'{{{{{words.template.name}', f' {one("source")}',
        f' |{words.parameter("pages")} =', *(
            # An empty line shows where to write.
            f'   {line.strip()}' for line
            in values.get('pages', '').splitlines() or ['']),
        f' {more}', f' {one("reason")}',
        f' |{words.parameter("status")} = {words.word(Status.NEW)}', '}}'))


def preload(words: KitWords) -> str:
    """Return what the form button begins with: an empty request.

    The signature is in two halves, so that it is the requester's and not
    that of the bot that writes the page.

    :param words: of the pages
    """
    return request_text(words, {}, words.say('preload-help', **{
        name: words.parameter(name) for name in (
            'pages', 'source', 'status')})) + (
        '\n~~<includeonly></includeonly>~~')


def documentation(names: KitNames, words: KitWords, link: str,
                  siteinfo: SiteInfo) -> str:
    """Return the text of the documentation page of the template.

    :param names: of the pages
    :param words: of the pages
    :param link: wikitext that links to the request page
    """
    data = template_data(words)
    parts = [
        words.say('doc-intro', requests=link),
        f'== {words.say("doc-usage")} ==',
        f'<pre>\n{request_text(words, {})}\n</pre>',
        f'== {words.say("doc-states")} ==', _states(words),
        f'== {words.say("doc-parameters")} ==']
    if 'templatedata' in siteinfo.tags:
        parts.append('<templatedata>\n' + json.dumps(
            data, ensure_ascii=False, indent='\t') + '\n</templatedata>')
    else:
        parts += [f'; {item["label"]} (<code>{name}</code>)\n'
                  f': {item["description"]}'
                  for name, item in data['params'].items()]
    return '\n'.join(parts)


def _states(words: KitWords) -> str:
    rows = [f'|-\n| {words.state(status)} || {words.code(status)} '
            f'|| {words.next(status)}' for status in Status]
    heads = ' !! '.join((words.say('label-status'), words.say('doc-word'),
                         words.say('label-next')))
    return '\n'.join(('{| class="wikitable"', f'! {heads}', *rows, '|}'))


def template_data(words: KitWords) -> dict[str, Any]:
    """Return what the extension TemplateData knows of the template.

    :param words: of the pages
    """
    names = (*FIELDS, *STATE_FIELDS)
    return {
        'description': words.say('doc-short'),
        'format': '{{_\n |_ = _\n}}\n',
        'params': {words.parameter(name): _parameter_data(words, name)
                   for name in names},
        'paramOrder': [words.parameter(name) for name in names]}


def _type(name: str) -> str:
    """Return what a form should have for a parameter."""
    if name in _CHOICES:
        return {Kind.PATTERNS: 'content', Kind.TIME: 'date'}.get(
            _CHOICES[name].kind, 'line')
    return 'content' if name in ('pages', 'reason') else 'line'


def _parameter_data(words: KitWords, name: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        'label': words.say(f'label-{name}'),
        'description': words.say(f'param-{name}', **{
            value: words.vocabulary.shown_value(value)
            for value in VALUES}),
        'type': _type(name)}
    if words.aliases(name)[1:]:
        data['aliases'] = words.aliases(name)[1:]
    if name in _CHOICES and _CHOICES[name].choices:
        data['suggestedvalues'] = [
            words.vocabulary.shown_value(value)
            for value in _CHOICES[name].request_values]
    if name == 'status':
        data['suggestedvalues'] = [words.word(status) for status in Status]
        data['autovalue'] = words.word(Status.NEW)
    if name == 'pages':
        data['required'] = True
    elif name in ('source', 'reason', 'status'):
        data['suggested'] = True
    return data

"""Sentences of a later look at imported pages, in any medium."""
from __future__ import annotations

from importbot.i18n import message, said
from importbot.model.check_report import CheckedPage, CheckReport, PageState


__all__ = ('findings', 'page_way', 'state_word', 'summary_sentences')


def state_word(state: PageState, language: str) -> str:
    """Return what a state is called.

    :param language: code of the language
    """
    return message(language, f'check-state-{state.value}')


def findings(page: CheckedPage, language: str) -> str:
    """Return what was found of a page, what is wrong first.

    :param page: that was looked at
    :param language: code of the language
    """
    ordered = sorted(page.findings,
                     key=lambda finding: not finding.kind.is_wrong)
    return '; '.join(said(language, finding.said) for finding in ordered)


def page_way(page: CheckedPage) -> str:
    """Return the title, and the one that it has now if that is another.

    :param page: that was looked at
    """
    if page.home in ('', page.target):
        return page.target
    return f'{page.target} → {page.home}'


def summary_sentences(report: CheckReport, language: str) -> list[str]:
    """Return the numbers, whether anything is wrong, and what is left out.

    :param report: what was found
    :param language: code of the language
    """
    def say(key: str, **values: object) -> str:
        return message(language, f'check-{key}', **values)

    states = ', '.join(
        f'{state_word(PageState(name), language)}: {count}'
        for name, count in report.summary.items() if count)
    lines = [say('summary', count=len(report.pages), states=states)
             if report.pages else say('nothing')]
    if report.pages:
        wrong = len(report.wrong)
        lines.append(say('damaged', count=wrong) if wrong
                     else say('sound'))
    if report.sample is not None and report.arrived:
        lines.append(say('sample', share=f'{report.sample:g} %',
                         count=report.chosen, arrived=report.arrived))
    if report.not_reached:
        lines.append(say('cut', count=report.not_reached))
    if report.running:
        lines.append(say('left-out', runs=', '.join(
            map(str, report.running))))
    lines += [say('unasked', api=source.api, why=said(language, source.why),
                  runs=', '.join(map(str, source.runs)))
              for source in report.unasked]
    return lines

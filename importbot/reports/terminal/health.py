"""How an installation is, in one line."""
from __future__ import annotations

from importbot.model.health import HealthReport, WikiHealth
from importbot.model.printable import printable
from importbot.reports.words.runs import host
from importbot.rules.health import ago


__all__ = ('health_line', )


def health_line(report: HealthReport) -> str:
    """Return one line: the state, what somebody has to look at, the rest.

    :param report: how an installation is
    """
    is_one = len(report.wikis) == 1
    found = [(finding.kind.is_wrong, finding.said)
             for finding in report.findings]
    found += [(finding.kind.is_wrong, finding.said if is_one else
               f'{host(wiki.api)}: {finding.said}')
              for wiki in report.wikis for finding in wiki.findings]
    said = [sentence for _is_wrong, sentence in sorted(
        found, key=lambda item: not item[0])]
    rest = [_of(wiki, report.at, is_one) for wiki in report.wikis
            if not wiki.findings and wiki.latest]
    journal = report.journal
    if journal.schema is not None:
        rest.append(f'{journal.runs} run{"s" * (journal.runs != 1)}'
                    + (f', journal of {_megabytes(journal.size)} MB'
                       if journal.size is not None else ''))
    return printable(f'{report.state}: {"; ".join([*said, *rest])}') + '\n'


def _megabytes(size: int) -> str:
    # Of a journal that begins, nobody is to think that it is not written.
    return (f'{size / 1e6:.0f}' if size >= 1e7
            else f'{max(size, 1e5) / 1e6:.1f}')


def _of(wiki: WikiHealth, at: str, is_one: bool) -> str:
    assert wiki.latest, 'it had a pass'
    waiting = ', '.join(f'{count} {state}' for state, count
                        in sorted(wiki.waiting.items()))
    return ('' if is_one else f'{host(wiki.api)}: ') + (
        f'last pass {ago(wiki.latest.ended, at)} ago ({wiki.latest.detail})'
        + (f', open requests: {waiting}' if waiting else ''))

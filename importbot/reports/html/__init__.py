"""Plans and reports as one HTML file that needs nothing else.

It opens from a mail and from the folder of a web server, asks no network
for anything, and shows whatever came from a wiki as text.
"""
from __future__ import annotations

from importbot.reports.html.document import document
from importbot.reports.html.report import report_html
from importbot.reports.html.runs import runs_html


__all__ = ('document', 'report_html', 'runs_html')

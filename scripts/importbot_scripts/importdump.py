#!/usr/bin/env python3
"""Import pages from a dump: MediaWiki export XML, plain or compressed.

The bot reads the dump and looks at the target first, and shows its plan:
one decision for every page. Nothing is written before you say yes. Pages
go by upload, with their history; afterwards every one is read back.

    pwb importdump -interwikiprefix:PREFIX [OPTION...] FILE...

FILE may be plain XML, .gz, .bz2 or .xz; - is standard input, which is kept
in a temporary file while the bot works.

The target is pywikibot's default site. Your account needs the right
"importupload" there.

&wiki;

Which pages: the whole dump, or

&pages;

What comes along and how:

&templates;
&words;
&dependencies;

What the target has already, see pwb importpages -help:

&existing;

&history;
&sending;
&place;
&title;
&arrival;
&cleaning;
&logs;

What the bot does:

&plan;
-simulate         the same with all checks, and nothing is ever written
&limits;
&run;
&journal;

&aliases;

Exit status: 0 all as planned (with -plan: nothing to do) - 1 the bot could
not do its work, or a page failed - 2 with -plan: there is work to do - 3
pages are on hold for a person, the rest went as planned - 130 interrupted.

Examples:

A whole dump into a new wiki:

    pwb importdump -interwikiprefix:en -maxpages:0 -maxrevisions:0 dump.xml.bz2

One page with the templates that it mentions:

    pwb importdump -interwikiprefix:en -page:Rover -templates:mentioned d.xml
"""
from __future__ import annotations

import sys
from pathlib import Path


try:
    import importbot  # noqa: F401
except ModuleNotFoundError:  # a checkout, found by user_script_paths
    sys.path.insert(0, str(Path(__file__).parents[2]))

from importbot.commands.arguments import arguments_of
from importbot.commands.command_line import read_command_line
from importbot.commands.exit_status import guarded
from importbot.commands.help_text import option_help
from importbot.commands.importdump import DumpBot


docuReplacements = option_help(DumpBot.script)


def main(*args: str) -> int:
    """Process command line arguments and invoke the bot.

    If args is an empty list, sys.argv is used.

    :param args: command line arguments
    :return: exit status
    """
    return guarded(lambda: DumpBot.of(read_command_line(
        DumpBot.script, arguments_of(args))).carry_out())


if __name__ == '__main__':
    sys.exit(main())

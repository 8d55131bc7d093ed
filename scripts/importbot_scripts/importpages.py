#!/usr/bin/env python3
"""Import pages from another wiki, with history and the templates they need.

The bot looks at both wikis first and shows its plan: one decision for
every page. Nothing is written before you say yes. A page that the target
wiki has already is left alone, unless you say otherwise. Afterwards every
imported page is read back and compared with the source.

    pwb importpages -source:PREFIX PAGES... [OPTION...]

The target is pywikibot's default site (-site: and so on, as everywhere).
Your account needs the right "import" there, or "importupload".

&wiki;

Which pages: pywikibot's page generators, applied to the source wiki; see
the end of this text. Most often:

-page:TITLE       one page; repeat it for several. en:TITLE and addresses name
                  their wiki, so that -source is not needed
-cat:CATEGORY     all pages of a category
-file:FILE        the titles in a file

&pages;

What comes along and how:

&templates;
&dependencies;

What the target has already. A page can be *ahead* (the target went on from
the source's text), *behind* (it has an older text of the source), *diverged*
(both went on) or *unrelated*:

&existing;

&history;
&place;
&title;
&arrival;
&cleaning;
&logs;

How they are sent:

&sending;

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

The article Rover with its history and what it needs, looking first:

    pwb importpages -source:en -page:Rover -simulate
    pwb importpages -source:en -page:Rover

A template with everything it could ever need, and its documentation:

    pwb importpages -source:en -page:"Template:Infobox rover"

Articles, and then another script on just these:

    pwb importpages -source:en -cat:Rovers -savelist:requested:rovers.txt
    pwb cosmetic_changes -file:rovers.txt

&params;
"""
from __future__ import annotations

import sys
from pathlib import Path

from pywikibot import pagegenerators


try:
    import importbot  # noqa: F401
except ModuleNotFoundError:  # a checkout, found by user_script_paths
    sys.path.insert(0, str(Path(__file__).parents[2]))

from importbot.commands.arguments import arguments_of
from importbot.commands.command_line import read_command_line
from importbot.commands.exit_status import guarded
from importbot.commands.help_text import option_help
from importbot.commands.importpages.bot import ImportBot


docuReplacements = {'&params;': pagegenerators.parameterHelp,
                    **option_help(ImportBot.script)}


def main(*args: str) -> int:
    """Process command line arguments and invoke the bot.

    If args is an empty list, sys.argv is used.

    :param args: command line arguments
    :return: exit status
    """
    return guarded(lambda: ImportBot.of(read_command_line(
        ImportBot.script, arguments_of(args))).carry_out())


if __name__ == '__main__':
    sys.exit(main())

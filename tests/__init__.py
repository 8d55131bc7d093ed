"""Tests of importbot, most of them against real MediaWiki.

pywikibot reads its configuration when it is imported, so that there has to
be one before any test module is.
"""
from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path


_CONFIG = Path(tempfile.mkdtemp(prefix='importbot-tests-'))
atexit.register(shutil.rmtree, _CONFIG, ignore_errors=True)
(_CONFIG / 'user-config.py').write_text(
    'from __future__ import annotations\n'
    "family_files['nowhere'] = 'http://127.0.0.1:9/api.php'\n"
    "mylang = family = 'nowhere'\n"
    "password_file = 'user-password.py'\n"
    'put_throttle = minthrottle = 0\nmax_retries = retry_wait = 1\n')
(_CONFIG / 'user-config.py').chmod(0o600)
os.environ['PYWIKIBOT_DIR'] = str(_CONFIG)

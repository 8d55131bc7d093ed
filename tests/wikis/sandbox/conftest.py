"""A machine that lacks programs."""
from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
             ) -> Callable[..., Path]:
    """Return what makes a PATH that holds only some programs."""
    folder = tmp_path / 'bin'

    def only(*names: str, **scripts: str) -> Path:
        folder.mkdir(exist_ok=True)
        for name in names:
            found = shutil.which(name)
            assert found, name
            (folder / name).symlink_to(found)
        for name, script in scripts.items():
            path = folder / name.replace('_', '-')
            path.write_text(f'#!/bin/sh\n{script}\n')
            path.chmod(0o755)
        monkeypatch.setenv('PATH', str(folder))
        return folder

    return only

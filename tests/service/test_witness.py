"""Where another thread is, is asked without risk for the run."""

from __future__ import annotations

import gc
import sys
import threading
from pathlib import Path
from types import FrameType

import pytest

from pytest_pyramid.session.witness import Witness


def test_no_garbage_is_collected_while_frames_of_threads_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A collection at that moment waits for ever for a lock that its own thread holds."""
    thresholds = []

    def current_frames() -> dict[int, FrameType]:
        thresholds.append(gc.get_threshold()[0])
        return {}

    monkeypatch.setattr(sys, "_current_frames", current_frames)
    before = gc.get_threshold()
    witness = Witness(str(tmp_path))
    assert witness.main_line(threading.get_ident()) is None
    assert thresholds == [0]
    assert gc.get_threshold() == before

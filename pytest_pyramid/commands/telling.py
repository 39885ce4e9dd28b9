"""The process that tells people of an incident, started by a run that does not wait for it.

It reads an errand from its standard input and writes the incidents it is about to its standard output, one JSON line
each time that something about one is new. Nobody reads what it may print besides that.
"""

from __future__ import annotations

import json
import os
import queue
import secrets
import sys
import threading
import time
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pytest_pyramid.core import incidents as values
from pytest_pyramid.core.errand import Errand, errand_of
from pytest_pyramid.core.incidents import Incident, Incidents, State, Telling, Told
from pytest_pyramid.core.notices import NotSentError, notice_of
from pytest_pyramid.core.past_runs import last_green
from pytest_pyramid.core.plain_incident import plain_incident
from pytest_pyramid.notifiers import Notifier
from pytest_pyramid.stores import git_log, incident_file

HIDDEN = "***"
MOST_RUNS = 500


def main() -> None:
    """Do the errand. The process ends here, also while a notifier hangs."""
    warnings.simplefilter("ignore")  # those of a notifier's library are nobody's business here, and no errors
    errand = errand_of(json.load(sys.stdin))
    if errand.python_path:
        os.environ["PYTHONPATH"] = errand.python_path
    else:
        os.environ.pop("PYTHONPATH", None)
    os.chdir(errand.root)
    run_errand(errand, dict(os.environ))
    sys.stdout.flush()
    os._exit(0)  # a thread that hangs in a notifier would keep the process


def run_errand(errand: Errand, environment: Mapping[str, str]) -> None:
    """Bring the incidents up to date, and tell of those that somebody has to hear of. Raises OSError."""
    if errand.cord:
        _pulled(errand, environment)
    else:
        _opened(errand, environment)


def _pulled(errand: Errand, environment: Mapping[str, str]) -> None:
    tier, nodeid, message = errand.cord
    new = Incident(
        id=secrets.token_hex(4),
        tier=tier,
        branch=errand.line,
        nodeid=nodeid,
        message=message,
        pulled=int(time.time()),
        host=errand.host,
        commit=errand.commit,
        withheld=errand.withheld,
        link=errand.link,
    )
    _tell(errand, environment, *_begun(errand, new))


def _begun(errand: Errand, new: Incident) -> tuple[Incident, State, tuple[str, ...]]:
    """The incident with the notices that this process has to send noted as begun, so that no other sends them too."""

    def act(known: Incidents) -> tuple[Incidents, tuple[Incident, tuple[str, ...]]]:
        after, one = values.pulled(known, new)
        due = values.due(one, State.PULLED, _names(errand), new.pulled)
        one = _noted(one, State.PULLED, due, new.pulled)
        return values.changed(after, one), (one, due)

    one, due = incident_file.change(Path(errand.state), act)
    if one.id == new.id:
        one = _explained(errand, one)
    return one, State.PULLED, due


def _explained(errand: Errand, one: Incident) -> Incident:
    """The incident with what git, the history and CODEOWNERS know about who may have done it."""
    root = Path(errand.root)
    green = _green(errand)
    found = {
        "green": green,
        "commits": git_log.commits_since(root, green),
        "owners": git_log.owners(root, one.nodeid.partition("::")[0]),
    }
    return _changed(errand, one.id, found)


def _green(errand: Errand) -> str:
    """The commit of the branch's last green run, empty when the history knows none."""
    path = Path(errand.history)
    if not errand.history or not path.exists():
        return ""
    from pytest_pyramid.stores import history  # noqa: PLC0415  # sqlite3 is loaded only where there is a past
    from pytest_pyramid.stores.history_schema import HistoryError, UnusableError  # noqa: PLC0415  # as above

    with suppress(HistoryError, UnusableError, OSError):
        run = last_green(history.runs(path, MOST_RUNS), errand.branch)
        return run.commit or "" if run is not None else ""
    return ""


def _opened(errand: Errand, environment: Mapping[str, str]) -> None:
    now = int(time.time())

    def act(known: Incidents) -> tuple[Incidents, list[tuple[Incident, tuple[str, ...]]]]:
        after, done = values.opened(known, errand.open_tiers, errand.line, at=now, by=errand.commit)
        told = []
        for each in done:
            due = values.due(each, State.CLEARED, _names(errand), now)
            one = _noted(each, State.CLEARED, due, now)
            after = values.changed(after, one)
            told.append((one, due))
        return after, told

    for one, due in incident_file.change(Path(errand.state), act):
        _tell(errand, environment, one, State.CLEARED, due)


def _noted(one: Incident, kind: State, names: Sequence[str], now: int) -> Incident:
    for name in names:
        one = values.noted(one, Telling(kind, name, Told.BEGUN, now))
    return one


def _tell(errand: Errand, environment: Mapping[str, str], one: Incident, kind: State, names: Sequence[str]) -> None:
    """Tell it by all of these notifiers at once, and note how each of them ended."""
    _say(one)
    ended: queue.SimpleQueue[Telling] = queue.SimpleQueue()
    for name in names:
        job = (errand, environment, one, kind, name, ended)
        threading.Thread(target=lambda job=job: ended.put(_sent(*job[:5])), daemon=True).start()
    until = time.monotonic() + errand.andon.seconds
    waiting = set(names)
    while waiting:
        try:
            telling = ended.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            break
        waiting.discard(telling.notifier)
        one = _note(errand, one, telling)
    for name in sorted(waiting):
        error = f"it took longer than {errand.andon.seconds:g} s"
        one = _note(errand, one, Telling(kind, name, Told.UNSURE, int(time.time()), error))


def _sent(errand: Errand, environment: Mapping[str, str], one: Incident, kind: State, name: str) -> Telling:
    """How the notice ended. What an unknown error says is left out: it may hold a secret."""
    told, error = Told.SENT, ""
    try:
        Notifier(name, dict(errand.notifiers)[name]).load().send(notice_of(one, kind), errand.andon, environment)
    except NotSentError as reason:
        told, error = Told.FAILED, _without_secrets(str(reason), errand, environment)
    except TimeoutError:
        told, error = Told.UNSURE, f"it took longer than {errand.andon.seconds:g} s"
    except Exception as reason:  # noqa: BLE001  # whatever a notifier does, the others go on
        told, error = Told.FAILED, type(reason).__name__
    return Telling(kind, name, told, int(time.time()), error)


def _without_secrets(text: str, errand: Errand, environment: Mapping[str, str]) -> str:
    for name in (*errand.andon.apprise_urls_from, errand.andon.github_token_from):
        secret = environment.get(name)
        text = text.replace(secret, HIDDEN) if secret else text
    return text


def _note(errand: Errand, one: Incident, telling: Telling) -> Incident:
    def act(known: Incidents) -> tuple[Incidents, Incident]:
        now = next((each for each in known if each.id == one.id), one)
        noted = values.noted(now, telling)
        return values.changed(known, noted), noted

    noted = incident_file.change(Path(errand.state), act)
    _say(noted)
    return noted


def _changed(errand: Errand, incident: str, found: Mapping[str, object]) -> Incident:
    def act(known: Incidents) -> tuple[Incidents, Incident]:
        one = values.completed(values.found(known, incident), found)
        return values.changed(known, one), one

    return incident_file.change(Path(errand.state), act)


def _names(errand: Errand) -> tuple[str, ...]:
    return tuple(name for name, _ in errand.notifiers)


def _say(one: Incident) -> None:
    sys.stdout.write(f"{json.dumps(plain_incident(one))}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Comments on the commit on GitHub, which tells its author and everybody who follows it."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any, NoReturn

from pytest_pyramid.core.andon_settings import AndonSettings
from pytest_pyramid.core.markup import markdown
from pytest_pyramid.core.notices import Notice, NotSentError

API = "https://api.github.com"


def send(notice: Notice, andon: AndonSettings, environment: Mapping[str, str]) -> None:
    """Write the comment. Raises NotSentError, or TimeoutError when no answer came.

    GitHub REST API, "Create a commit comment". Repository and address of the API are told by GitHub Actions.
    """
    token, repository = environment.get(andon.github_token_from, ""), environment.get("GITHUB_REPOSITORY", "")
    if not token:
        raise NotSentError(f"the environment variable {andon.github_token_from} is not set")
    if not repository or not notice.incident.commit:
        raise NotSentError("GITHUB_REPOSITORY is not set" if not repository else "the commit is not known")
    address = f"{environment.get('GITHUB_API_URL') or API}/repos/{repository}/commits/{notice.incident.commit}/comments"
    if not address.startswith(("https://", "http://")):
        raise NotSentError("GITHUB_API_URL is no address")
    request = urllib.request.Request(  # noqa: S310  # its scheme was looked at
        address,
        data=json.dumps({"body": _body(notice)}).encode(),
        headers={"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"},
    )
    try:
        urllib.request.build_opener(_NoRedirect).open(request, timeout=andon.seconds).close()
    except urllib.error.HTTPError as error:
        raise NotSentError(f"GitHub answered with status {error.code}") from None
    except TimeoutError:
        raise  # it was sent, and may have arrived
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotSentError(f"GitHub could not be reached ({type(error).__name__})") from None


def _body(notice: Notice) -> str:
    first, *others = notice.lines
    return "\n".join(
        [f"**{markdown(notice.title)}**", "", markdown(first), "", *(f"- {markdown(one)}" for one in others)]
    )


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nobody: the token is for this address only."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: Any, headers: Any, newurl: Any) -> NoReturn:  # noqa: ARG002, PLR0917  # prescribed
        """Raises HTTPError."""
        raise urllib.error.HTTPError(req.full_url, code, "redirected", headers, fp)

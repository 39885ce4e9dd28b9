"""What the environment variables of build servers tell: that there is one, the branch, and the page of the job."""

from __future__ import annotations

from collections.abc import Mapping

BRANCHES = (
    "GITHUB_HEAD_REF",  # GitHub Actions, pull requests
    "GITHUB_REF_NAME",
    "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",  # GitLab
    "CI_COMMIT_REF_NAME",
    "CHANGE_BRANCH",  # Jenkins, pull requests
    "BRANCH_NAME",
    "BUILDKITE_BRANCH",
    "CIRCLE_BRANCH",
    "BITBUCKET_BRANCH",
    "BUILD_SOURCEBRANCHNAME",  # Azure Pipelines
)
"""Build servers check out a commit and not a branch, so git knows none; the first of these that is set tells it."""
JOBS = ("CI_JOB_URL", "BUILD_URL", "BUILDKITE_BUILD_URL", "CIRCLE_BUILD_URL")


def is_build_server(environment: Mapping[str, str]) -> bool:
    """True where `CI` is set, as GitHub, GitLab, Buildkite, CircleCI and others do, or where Jenkins or Azure runs."""
    told = environment.get("CI", "").lower() not in ("", "0", "false", "no")
    return told or "JENKINS_URL" in environment or "TF_BUILD" in environment


def branch_told(environment: Mapping[str, str]) -> str | None:
    """The branch that the build server names, None when it names none."""
    return next((environment[name] for name in BRANCHES if environment.get(name)), None)


def main_branch_told(environment: Mapping[str, str]) -> str | None:
    """The main branch that the build server names; GitLab does."""
    return environment.get("CI_DEFAULT_BRANCH") or None


def job_link(environment: Mapping[str, str]) -> str:
    """The page of the job, empty when nobody tells it."""
    run, repository = environment.get("GITHUB_RUN_ID"), environment.get("GITHUB_REPOSITORY")
    if run and repository:
        return f"{environment.get('GITHUB_SERVER_URL', 'https://github.com')}/{repository}/actions/runs/{run}"
    return next((environment[name] for name in JOBS if environment.get(name)), "")

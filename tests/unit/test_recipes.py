"""How the pipelines of the documentation are read, before anything runs."""

from __future__ import annotations

import pytest

from tests.recipes import github, gitlab, jenkins
from tests.recipes.jobs import Job, Kind, Step, in_order

SCRIPT = {"run": "pytest --pyramid-shard=${{ matrix.part }}/${{ strategy.job-total }}"}
MATRIX = {"strategy": {"matrix": {"part": [1, 2]}}, "steps": [SCRIPT]}


def test_jobs_stand_behind_those_that_they_need() -> None:
    """In the order of the file otherwise."""
    assert in_order({"c": ("a", "b"), "b": ("a",), "a": ()}) == ("a", "b", "c")


@pytest.mark.parametrize("jobs", [{"a": ("b",)}, {"a": ("b",), "b": ("a",)}], ids=["missing", "circle"])
def test_jobs_that_can_never_begin_are_told(jobs: dict[str, tuple[str, ...]]) -> None:
    """Because what they need is not there, or waits for them."""
    with pytest.raises(ValueError, match="cannot be done: \\['a'"):
        in_order(jobs)


def test_a_matrix_gives_one_job_for_each_value() -> None:
    """Each script has its own value, and the number of jobs."""
    one, two = github.jobs_of({"jobs": {"tests": MATRIX}})

    assert one == Job("tests", (Step(Kind.RUN, "pytest --pyramid-shard=1/2"),))
    assert two.steps[0].text == "pytest --pyramid-shard=2/2"


def test_an_expression_that_is_not_known_is_an_error() -> None:
    """So that a recipe cannot use what nobody tried."""
    with pytest.raises(KeyError, match="secrets"):
        github.filled("${{ secrets.TOKEN }}", {})


@pytest.mark.parametrize("step", [{"uses": "someone/else@v1"}, {"run": "true", "if": "${{ failure() }}"}])
def test_an_action_or_a_condition_that_is_not_known_is_an_error(step: dict[str, str]) -> None:
    """The same for actions and conditions."""
    with pytest.raises(ValueError, match="not known"):
        github.jobs_of({"jobs": {"tests": {"steps": [step]}}})


def test_a_parallel_job_is_told_which_part_it_is() -> None:
    """Through the variables that GitLab sets; a single job has no index."""
    pipeline = {"stages": ["a", "b"], "default": {}, "one": {"stage": "b", "script": ["x"]}}
    *parts, one = gitlab.jobs_of({**pipeline, "many": {"stage": "a", "parallel": 2, "script": ["x"]}})

    assert [job.environment["CI_NODE_INDEX"] for job in parts] == ["1", "2"]
    assert (one.needs, "CI_NODE_INDEX" in one.environment) == (("many",), False)
    assert [step.text for step in one.steps if step.kind is Kind.DOWNLOAD] == ["many-*"]


def test_what_a_gitlab_job_keeps_is_kept_after_its_script() -> None:
    """Reports as well; after a failed script only with `when: always`."""
    artifacts = {"when": "always", "paths": ["a"], "reports": {"junit": "b"}}
    (job,) = gitlab.jobs_of(
        {
            "stages": ["s"],
            "default": {"before_script": ["x"]},
            "j": {"stage": "s", "script": ["y"], "artifacts": artifacts},
        }
    )

    assert [step.kind.value for step in job.steps] == ["checkout", "restore", "run", "save", "upload"]
    assert job.steps[2].text == "x\ny"
    assert job.steps[-1] == Step(Kind.UPLOAD, "j-1", ("a", "b"), always=True)


def test_a_key_of_a_gitlab_job_that_is_not_known_is_an_error() -> None:
    """So that a recipe cannot use what nobody tried."""
    with pytest.raises(ValueError, match="retry"):
        gitlab.jobs_of({"stages": ["s"], "default": {}, "j": {"stage": "s", "script": ["y"], "retry": 2}})


def test_a_jenkinsfile_with_other_stages_is_an_error() -> None:
    """It is read by the names of its stages, not by a parser of Groovy."""
    with pytest.raises(ValueError, match="other stages"):
        jenkins.jobs_of("stage('tests') { sh 'make' }")

"""How pages are taken apart, and how shown output is compared with real output."""

from __future__ import annotations

import pytest

from tests.documents.blocks import Block, anchors_of, blocks_of, links_of
from tests.documents.transcript import Step, difference, steps_of

PAGE = """\
# One page

```console
$ pytest
```

```{code-block} python
:caption: tests/unit/test_a.py

def test_a():
    pass
```

1. In a list:

   ```toml
   a = 1
   ```

<!-- exit status 1 -->
```console
$ false
```

    indented

```{toctree}
:hidden:

other
```

[a link](other.md#part), ![a picture](b.png) and `[no](link.md)`

## The `--same` title: twice

## The `--same` title: twice
"""


def test_every_block_is_found_with_its_language() -> None:
    """Fences, also inside lists, directives and indented blocks."""
    found = [(block.language, block.line) for block in blocks_of("p.md", PAGE)]
    languages = [("console", 3), ("python", 7), ("toml", 16), ("console", 21), ("", 25), ("{toctree}", 27)]
    assert found == languages


def test_a_caption_names_the_file_and_is_no_part_of_it() -> None:
    """Nor is the empty line behind it."""
    block = blocks_of("p.md", PAGE)[1]
    assert (block.caption, block.text) == ("tests/unit/test_a.py", "def test_a():\n    pass\n")
    assert str(block) == "p.md:7"


def test_the_comment_above_a_block_tells_its_exit_status() -> None:
    """And that of no other block."""
    assert [block.status for block in blocks_of("p.md", PAGE)] == [0, 0, 0, 1, 0, 0]
    far = "<!-- exit status 1 -->\n\nSome words.\n\n```console\n$ true\n```\n"
    assert [block.status for block in blocks_of("p.md", far)] == [0]


def test_a_fence_keeps_what_only_looks_like_an_option() -> None:
    """Options belong to directives."""
    assert blocks_of("p.md", "```text\n:a: b\n```\n")[0].text == ":a: b\n"
    assert blocks_of("p.md", "```{code-block} text\nplain\n```\n")[0] == Block("p.md", 1, "text", "plain\n")


def test_links_and_pictures_are_found_but_not_in_code() -> None:
    """In order."""
    assert links_of(PAGE) == ("other.md#part", "b.png")


def test_headings_have_the_anchors_that_github_gives_them() -> None:
    """Lower case, without punctuation, and a number for a twin."""
    assert anchors_of(PAGE) == ("one-page", "the---same-title-twice", "the---same-title-twice-1")


def test_a_console_is_commands_and_what_they_show() -> None:
    """A backslash goes on in the next line."""
    text = "$ pytest \\\n  -q\n1 passed\n\n$ true\n"
    assert steps_of(text) == (Step("pytest \\\n  -q", ("1 passed", "")), Step("true"))


def test_a_console_without_a_prompt_is_refused() -> None:
    """Nobody could tell commands from output."""
    with pytest.raises(ValueError, match="begins with"):
        steps_of("pytest -q\n")


REAL = ("==== pyramid ====", "unit   3  0.12 s", "", "shape: pyramid", "\x1b[32m==== 3 passed in 0.20s ====\x1b[0m")

ALIKE = {
    "all of it": ("=== pyramid ===", "unit 3 0.50 s", "shape: pyramid", "=== 3 passed in 9.99s ==="),
    "nothing": (),
    "the beginning": ("=== pyramid ===", "..."),
    "the end": ("...", "shape: pyramid", "======= 3 passed in 1s ======="),
    "a piece": ("...", "unit 3 0.1 s", "shape: pyramid", "..."),
    "two pieces": ("...", "=== pyramid ===", "...", "shape: pyramid", "..."),
    "a part of a line": ("...", "unit ... s", "..."),
}


@pytest.mark.parametrize("shown", ALIKE.values(), ids=ALIKE.keys())
def test_what_is_shown_fits_the_real_output(shown: tuple[str, ...]) -> None:
    """Seconds, colours, spaces and the length of ruled lines do not count; `...` stands for any lines or text."""
    assert difference(shown, REAL) is None


UNLIKE = {
    "another number": (("...", "unit 4 0.1 s", "..."), "unit 4 0 s"),
    "a gap": (("=== pyramid ===", "shape: pyramid", "..."), "shape: pyramid"),
    "another order": (("...", "shape: pyramid", "...", "unit 3 0.1 s", "..."), "unit 3 0 s"),
    "an end too early": (("...", "shape: pyramid"), "nothing more"),
    "a beginning too late": (("unit 3 0.1 s", "..."), "unit 3 0 s"),
    "too much": ((*REAL, "more"), "more"),
    "a dot that is any sign": (("...", "shape. pyramid", "..."), "shape. pyramid"),
}


@pytest.mark.parametrize(("shown", "told"), UNLIKE.values(), ids=UNLIKE.keys())
def test_what_is_shown_and_does_not_come_is_told(shown: tuple[str, ...], told: str) -> None:
    """By the first line that is missing, or by the line that is too many."""
    assert told in (difference(shown, REAL) or "")


def test_a_line_that_comes_twice_may_be_the_last_one() -> None:
    """The end of the output is looked for from its end."""
    assert difference(("...", "ok"), ("ok", "no", "ok")) is None
    assert difference(("...", "ok", "..."), ("ok", "no")) is None


def test_the_shape_by_seconds_depends_on_the_machine() -> None:
    """So it does not count, like the seconds; the shape by functions does."""
    assert difference(["shape: pyramid (by seconds: diamond)"], ["shape: pyramid (by seconds: ice-cream cone)"]) is None
    assert difference(["shape: diamond (by seconds: diamond)"], ["shape: pyramid (by seconds: diamond)"]) is not None

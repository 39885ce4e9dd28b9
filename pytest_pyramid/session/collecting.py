"""Collection: every item is placed in a tier, unselected tiers are deselected, the rest is sorted by tier."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_pyramid.core.facts import Location, Placement, TestFacts
from pytest_pyramid.core.placing import NOWHERE, in_order_of_weight, is_smoke, is_told
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.core.shards import Cut
from pytest_pyramid.core.tiers import UNCLASSIFIED
from pytest_pyramid.session.calm import grown_old, undisturbed
from pytest_pyramid.session.classifying import has_own_classifiers
from pytest_pyramid.session.items import Alike, ItemReader, group_of
from pytest_pyramid.session.sharding import Sharding
from pytest_pyramid.session.wire import Manifest

if TYPE_CHECKING:
    from pytest_pyramid.session.weighing import Evident, Weighing

Placements = tuple[Placement, ...]
_Seen = tuple[pytest.Item, Alike, Placements]
"""An item, what it shares with its neighbours, and what the classifiers answered."""


class Collecting:
    """The part of a role that collects; the same in a worker and in a single process."""

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        self._config = config
        self._settings = settings
        self._reader = ItemReader()
        self._ranks = {row: settings.pyramid.rank_of(row) for row in settings.pyramid.rows}
        self._known: dict[Any, Placements] = {}
        self._weighing: Weighing | None = None
        self._own_classifiers = False
        self.has_manual = False
        """True when some collected test is done by a person."""
        self.has_smoke = False
        """True when some collected test is marked `smoke`."""
        self._may_claim = False
        self._deselected = 0
        self.arrange: Callable[[list[pytest.Item]], None] = lambda _: None
        """Orders the sorted tests inside their tiers."""
        self.sharding: Sharding | None = None
        """Cuts this run's shard out, when it is to run only one."""
        self._cut: Cut | None = None
        self._positions: dict[int, int] = {}
        self._seen: dict[int, _Seen] = {}
        """By identity, which nobody else can have while the item is kept here."""
        self._described: dict[int, tuple[pytest.Item, TestFacts]] = {}
        """By identity: what the order was made of is what the manifest holds."""

    @pytest.hookimpl
    def pytest_sessionstart(self) -> None:
        """Register the sort last of all, so that no other plugin reorders behind it."""
        self._config.pluginmanager.register(_Sort(self), "pyramid-sort")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self) -> Generator[None, Any, Any]:
        """Collect without the garbage collector looking on, and let what was collected count as old."""
        with undisturbed():
            result = yield
            grown_old()
        return result

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Deselect what was not asked for, when all who put marks on tests have done so, like pytest's own -m."""
        if not self._settings.only:
            return
        self._look_anew()
        wanted = {self._ranks[name] for name in self._settings.only}
        dropped = [item for item in items if self.rank_of(item) not in wanted]
        items[:] = [item for item in items if self.rank_of(item) in wanted]
        if dropped:
            self._config.hook.pytest_deselected(items=dropped)
            self._deselected -= len(dropped)  # the settings tell of them

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Count what is left out, by whomever."""
        self._deselected += len(items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_unconfigure(self) -> None:
        """Let go of every test, before pytest looks for garbage."""
        self._seen, self._described = {}, {}

    def keep_shard(self, items: list[pytest.Item]) -> None:
        """Deselect what other shards run."""
        if self.sharding is None:
            return
        self._cut = self.sharding.cut([self.facts_of(item) for item in items])
        mine = set(self._cut.positions)
        dropped = [item for index, item in enumerate(items) if index not in mine]
        items[:] = [items[index] for index in self._cut.positions]
        self._positions = dict(zip(map(id, items), self._cut.positions, strict=True))
        if dropped:
            self._config.hook.pytest_deselected(items=dropped)
            self._deselected -= len(dropped)  # the whole has them, and the cut tells of them

    def sort(self, items: list[pytest.Item]) -> None:
        """Sort in place by tier, as their marks are now; stable, so that the order of others holds inside a tier."""
        self._look_anew()
        ranks = [self._ranks[tier] for tier in self.tiers_of(items)]
        if ranks != sorted(ranks):
            items[:] = [items[index] for index in sorted(range(len(items)), key=ranks.__getitem__)]

    def tiers_of(self, items: list[pytest.Item]) -> list[str]:
        """The row of every item."""
        return [placements[0].tier if placements else UNCLASSIFIED for _, _, placements in map(self._look_at, items)]

    def tier_of(self, item: pytest.Item) -> str:
        """The row that the item is counted under."""
        return self.tiers_of([item])[0]

    def rank_of(self, item: pytest.Item) -> int:
        """The rank that the item runs with."""
        return self._ranks[self.tier_of(item)]

    def is_manual(self, item: pytest.Item) -> bool:
        """True for a test that a person does."""
        return any("manual" in level for level in self._reader.marks(item))

    def facts_of(self, item: pytest.Item) -> TestFacts:
        """Everything there is to know about the item, in its tier."""
        return self._with_hints(self._facts(item, item.nodeid), item)

    def _with_hints(self, facts: TestFacts, item: pytest.Item) -> TestFacts:
        return facts if is_told(facts) or self._weighing is None else facts._replace(hints=self._evident(item).hints)

    def described(self, items: list[pytest.Item]) -> list[TestFacts]:
        """The facts of these items, remembered for the manifest."""
        self._described = {id(item): (item, self._facts(item, item.nodeid)) for item in items}
        return [facts for _, facts in self._described.values()]

    def claiming(self, items: list[pytest.Item]) -> list[TestFacts]:
        """The facts of those items that claim a resource."""
        if not self._may_claim:
            return []
        marked = (item for item in items if any("pyramid" in level for level in self._reader.marks(item)))
        return [facts for facts in map(self.facts_of, marked) if facts.needs]

    def manifest(self, items: list[pytest.Item], nodeids: list[str]) -> Manifest:
        """What there is to know about the final collection; with the node ids, which pytest makes anew when asked."""
        tests = self._tests(items, nodeids)
        if self._weighing is not None:
            tests = tuple([self._with_hints(test, item) for test, item in zip(tests, items, strict=True)])
        grouped = any("xdist_group" in level for marks in {test.marks for test in tests} for level in marks)
        return Manifest(
            tests=tests,
            pins=tuple(group_of(item) for item in items) if grouped else (None,) * len(items),
            deselected=self._deselected,
            conftest_marks=self._conftest_marks(),
            cut=self._cut and self._cut._replace(positions=tuple(self._positions[id(item)] for item in items)),
        )

    def _tests(self, items: list[pytest.Item], nodeids: list[str]) -> tuple[TestFacts, ...]:
        """The facts of every item; those that are known already need not be made again."""
        known = self._described
        if known and all(id(item) in known for item in items):
            return tuple([known[id(item)][1] for item in items])
        return tuple([self._facts(item, nodeid) for item, nodeid in zip(items, nodeids, strict=True)])

    def _facts(self, item: pytest.Item, nodeid: str) -> TestFacts:
        _, alike, placements = self._look_at(item)
        return self._reader.known_facts(item, nodeid, alike, placements)

    def _look_anew(self) -> None:
        """Forget how tests were seen: somebody may have put marks on them, and conftests may have brought classifiers."""
        self._own_classifiers = has_own_classifiers(self._config)
        self._seen.clear()

    def _look_at(self, item: pytest.Item) -> _Seen:
        """The item as it was when the tests were sorted."""
        found = self._seen.get(id(item))
        if found is None:
            alike = self._reader.alike(item)
            found = self._seen[id(item)] = item, alike, self._placements(item, alike)
        return found

    def _placements(self, item: pytest.Item, alike: Alike) -> Placements:
        """What the classifiers answer. The built-in ones look at file, marks and fixtures, so one answer serves many."""
        key = item.nodeid if self._own_classifiers else id(alike)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._ask(self._reader.facts(item, ()))
        return known or self._evident(item).placements

    def _ask(self, bare: TestFacts) -> Placements:
        self.has_manual = self.has_manual or bare.manual is not None
        self.has_smoke = self.has_smoke or is_smoke(bare.marks)
        self._may_claim = self._may_claim or any("pyramid" in level for level in bare.marks)
        answers = self._config.hook.pytest_pyramid_classify(test=bare)
        return in_order_of_weight(answers, self._settings.pyramid, NOWHERE)  # the default tier comes after evidence

    def _evident(self, item: pytest.Item) -> Evident:
        """What the code of a test says that nothing else places."""
        if self._weighing is None:
            from pytest_pyramid.session.weighing import Weighing  # noqa: PLC0415  # most suites say where tests belong

            self._weighing = Weighing(self._config, self._settings)
        return self._weighing.evident(self._reader.facts(item, ()), item)

    def _conftest_marks(self) -> tuple[Location, ...]:
        root = self._config.rootpath
        found = []
        for plugin in self._config.pluginmanager.get_plugins():
            path = Path(str(getattr(plugin, "__file__", "") or ""))
            if path.name == "conftest.py" and hasattr(plugin, "pytestmark"):
                inside = path.relative_to(root) if path.is_relative_to(root) else path
                found.append(Location(file=inside.as_posix()))
        return tuple(sorted(found, key=lambda place: place.file))


class _Sort:
    """The outermost wrapper around all reordering."""

    def __init__(self, collecting: Collecting) -> None:
        self._collecting = collecting

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> Generator[None, Any, Any]:
        """Sort by tier once everybody else has had their say; with --stepwise, which cuts the list, before that, too.

        Other plugins that cut it (pytest-split) make parts, and would have parts of one tier each.
        """
        if config.getoption("stepwise", None):
            self._collecting.sort(items)
        result = yield
        self._collecting.sort(items)
        self._collecting.keep_shard(items)
        self._collecting.arrange(items)
        return result

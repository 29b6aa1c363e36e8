"""A database made by the release people have data in, upgraded to this code.

Nothing of what people made is lost or altered but for what CHANGES says, what the
modules' files bring is what a fresh installation brings, and a second upgrade changes
nothing. The first upgrade is the one that `make demo` does.
"""

import subprocess
import tarfile

import pytest

from . import upgraded

#: "table.column": why a stored value is another one after the upgrade
CHANGES = {
    "cap_objective.name": "themes published in capitals without accents",
    "cap_objective.source": "keeps how such a theme was published",
    "cap_offer.name": "one published with two slips of spelling",
}
#: "table" or "table.column": why it is not there any more
GONE = {}
#: "table": why the upgrade itself makes records
ADDED = {}


@pytest.fixture(scope="module")
def upgrade():
    return upgraded.get_upgrade()


def find_losses(before, after):
    """Return what ``before`` holds and ``after`` does not, as short sentences."""
    losses = []
    for table, rows in before.items():
        if table not in after:
            losses += [f"{table}: gone"] if table not in GONE and rows else []
            continue
        for key, row in rows.items():
            kept = after[table].get(key)
            if kept is None:
                losses.append(f"{table} {key}: gone")
                continue
            for column, value in row.items():
                place = f"{table}.{column}"
                if column not in kept:
                    losses += [f"{place}: gone"] if place not in GONE else []
                elif kept[column] != value and place not in CHANGES:
                    losses.append(f"{place} {key}: {value!r} -> {kept[column]!r}")
    return losses


def find_additions(before, after):
    """Return the tables in which the upgrade made records nobody asked for."""
    return [
        f"{table}: {len(new)}"
        for table, rows in after.items()
        if table not in ADDED and (new := rows.keys() - before.get(table, {}).keys())
    ]


def find_differences(one, other):
    """Return the keys whose values are not the same, with what differs."""
    return [
        f"{key}: {one.get(key)!r} / {other.get(key)!r}"
        for key in sorted(one.keys() | other.keys())
        if one.get(key) != other.get(key)
    ]


def test_what_people_made_is_kept(upgrade):
    before, after = upgrade["before-records"], upgrade["after-records"]
    assert len(before["cap_evaluation_line"]) > 2000
    assert len(before["project_task"]) > 20
    assert not find_losses(before, after)
    assert not find_additions(before, after)


def test_declared_changes_are_real(upgrade):
    """A line of the lists above that says nothing any more is taken out."""
    before, after = upgrade["before-records"], upgrade["after-records"]
    for place in CHANGES:
        table, column = place.split(".")
        assert any(
            row[column] != after[table].get(key, row).get(column, row[column])
            for key, row in before[table].items()
        ), place
    for place in GONE:
        table, _dot, column = place.partition(".")
        gone = column not in next(iter(after[table].values())) if column else None
        assert gone or table not in after, place


def test_translations_are_kept(upgrade):
    """French words of records that people may translate; told by the values above."""
    before = upgrade["before-records"]
    french = [
        value
        for rows in before.values()
        for row in rows.values()
        for value in row.values()
        if isinstance(value, dict) and "fr_FR" in value
    ]
    assert len(french) > 50


@pytest.mark.parametrize("page", ["structure", "schema"])
def test_the_rest_is_as_freshly_installed(upgrade, page):
    """Fields, rules, rights, views, menus and jobs; columns, indexes, constraints."""
    fresh = upgrade[f"fresh-{page}"]
    assert len(fresh) > 300
    assert not find_differences(upgrade[f"after-{page}"], fresh)


def test_no_rule_is_kept_from_updates(upgrade):
    rules = [
        values
        for values in upgrade["after-structure"].values()
        if "domain_force" in values
    ]
    assert len(rules) > 10
    assert not [values["name"] for values in rules if values["noupdate"]]


@pytest.mark.parametrize("page", upgraded.PAGES)
def test_upgrading_again_changes_nothing(upgrade, page):
    once, twice = upgrade[f"after-{page}"], upgrade[f"again-{page}"]
    assert not find_differences(once, twice)


def test_odoo_does_not_complain(upgrade):
    assert upgrade["run"]["complaints"] == ["", ""]


def test_the_demo_is_brought_up_to_date(upgrade):
    """`make demo` says what it does, keeps the demo, and notes what it now is."""
    run = upgrade["run"]
    assert "The code has changed: updating the three modules" in run["told"]
    assert "`make demo FRESH=1` makes it anew" in run["told"]
    addons, *rest = run["noted"].split()
    assert addons != "released" and rest == ["released", "fr_FR", "2026-11-21"]


def test_losses_are_found():
    before = {"a": {"1": {"id": 1, "x": 2}, "2": {"id": 2, "x": 2}}, "b": {"1": {}}}
    after = {"a": {"1": {"id": 1, "x": 3}, "3": {"id": 3}}}
    assert find_losses(before, after) == [
        "a.x 1: 2 -> 3",
        "a 2: gone",
        "b: gone",
    ]
    assert find_additions(before, after) == ["a: 1"]
    assert find_differences({"k": 1}, {"k": 2}) == ["k: 1 / 2"]


def test_the_kept_release_is_the_released_one():
    """The archive for checkouts without history holds what history holds."""
    *_scripts, releases, _shell = upgraded._import_scripts()
    with tarfile.open(releases.KEPT) as archive:
        names = set(archive.getnames())
    for addon in ("cap_evaluation", "cap_progress_plan", "cap_network_report"):
        assert f"{addon}/__manifest__.py" in names
    history = releases.read_history()
    if history:
        unpacked = subprocess.run(
            ["xz", "-dc", releases.KEPT], capture_output=True, check=True
        )
        assert unpacked.stdout == history

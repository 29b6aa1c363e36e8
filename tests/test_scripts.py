"""The scripts' own rules: what is whole is kept, what was interrupted is made again."""

import contextlib
import importlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent.parent / "scripts"


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Import scripts with a cache folder of their own."""
    monkeypatch.setenv("CAP_CACHE", str(tmp_path / "cache"))
    monkeypatch.syspath_prepend(str(SCRIPTS))
    names = [path.stem for path in SCRIPTS.glob("*.py")]
    kept = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    yield importlib.import_module
    for name in names:
        sys.modules.pop(name, None)
    sys.modules.update(kept)


def test_a_half_made_folder_is_made_again(load):
    common = load("common")
    folder = common.CACHE / "thing" / "1"

    def interrupted(path):
        (path / "first").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        common.made_once(folder, interrupted)
    common.made_once(folder, lambda path: (path / "second").touch())
    assert {path.name for path in folder.iterdir()} == {"second", ".complete"}


def test_a_whole_folder_is_kept(load):
    common = load("common")
    folder = common.CACHE / "thing" / "1"
    common.made_once(folder, lambda path: (path / "made").touch())
    common.made_once(folder, lambda path: pytest.fail("made twice"))
    assert (folder / "made").exists()


def test_a_failing_command_tells_its_log_and_what_to_do(load):
    common = load("common")
    with pytest.raises(common.Problem) as problem:
        common.run(["sh", "-c", "echo the reason; exit 3"], "Trying")
    assert "the reason" in str(problem.value)
    assert str(common.LOGS / "trying.log") in str(problem.value)
    assert "again" in str(problem.value)


def test_a_full_disk_is_called_by_its_name(load, monkeypatch):
    common = load("common")
    monkeypatch.setattr(common, "free_space", lambda folder: 12)
    with pytest.raises(common.Problem, match="12 MB are free.*\n.*CAP_CACHE"):
        common.need_space(common.CACHE, 3000)
    with pytest.raises(common.Problem, match="is full"):
        common.run(["false"], "Trying")


def test_main_turns_a_problem_into_one_message(load, capsys):
    common = load("common")

    def fails():
        raise common.Problem("What happened.\n  What to do.")

    with pytest.raises(SystemExit) as stopped:
        common.main(fails)
    assert stopped.value.code == 1
    assert "✗ What happened.\n  What to do." in capsys.readouterr().out


def test_missing_packages_are_named_with_one_command(load, monkeypatch):
    system = load("system")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(
        system.shutil, "which", lambda name: name == "apt-get" and "/usr/bin/apt-get"
    )
    with pytest.raises(system.Problem, match="sudo apt-get install .* absent"):
        system.need({"absent": "/no/such/file", "python3": "/usr/bin/python3"})


def test_the_checkers_ask_for_what_they_need(load, monkeypatch, tmp_path):
    """`make lint` comes first in CI: nothing else has asked for python3-venv."""
    tools = load("tools")
    asked, made = [], []
    monkeypatch.setattr(tools, "need", asked.append)
    monkeypatch.setattr(tools, "run", lambda *args, **options: made.append(args))
    tools._make_venv(tmp_path, tmp_path / "requirements.txt")
    assert "python3-venv" in asked[0] and made


def test_ctrl_c_ends_the_demo_well(load, monkeypatch, capsys):
    """Exit 130 would have make say "Error 130" to who stopped the server."""
    demo = load("demo")

    class Server:
        def wait(self):
            raise KeyboardInterrupt

    monkeypatch.setattr(demo, "free_port", lambda: 8069)
    monkeypatch.setattr(
        demo,
        "serving",
        lambda *_args: contextlib.nullcontext((Server(), "http://here", "log")),
    )
    assert not demo.serve(None)
    assert "serves the same data again" in capsys.readouterr().out


def test_the_port_moves_on_when_taken(load):
    import socket

    demo = load("demo")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert demo.free_port(port) > port


def test_the_key_of_the_addons_follows_their_sources(load, tmp_path, monkeypatch):
    databases = load("databases")
    addon = tmp_path / "cap_evaluation"
    (addon / "tests").mkdir(parents=True)
    monkeypatch.setattr(databases, "ROOT", tmp_path)
    (addon / "a.py").write_text("1")
    first = databases.key_of_addons()
    (addon / "tests" / "test_a.py").write_text("1")
    assert databases.key_of_addons() == first
    (addon / "a.py").write_text("2")
    assert databases.key_of_addons() != first


def test_odoo_of_another_version_is_refused(load, tmp_path, monkeypatch):
    source = load("odoo_source")
    launcher = tmp_path / "odoo-bin"
    launcher.write_text(f"#!{sys.executable}\n")
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo/__init__.py").touch()
    (tmp_path / "odoo/release.py").write_text("version = '18.0'\n")
    monkeypatch.setenv("ODOO", str(launcher))
    with pytest.raises(source.Problem, match="is Odoo 18.0"):
        source.get_odoo()
    monkeypatch.setenv("ODOO", str(tmp_path / "absent"))
    with pytest.raises(source.Problem, match="is no file"):
        source.get_odoo()


WRITE_LATER = """
import sys
sys.path.insert(0, sys.argv[1])
import common
with common.locked("thing"):
    common.run(["sh", "-c", "sleep 1; touch $0", sys.argv[2]], "Writing")
"""


def test_what_outlives_a_killed_run_is_waited_for(load, tmp_path):
    """A child that goes on writing after its script was killed keeps the lock."""
    common = load("common")
    written = tmp_path / "written"
    command = [sys.executable, "-c", WRITE_LATER, str(SCRIPTS), str(written)]
    process = subprocess.Popen(command)
    while not (common.LOGS / "writing.log").exists():
        time.sleep(0.05)
    process.kill()
    process.wait()
    assert not written.exists()
    with common.locked("thing"):
        assert written.exists()


def test_an_interrupted_run_stops_its_children(load, tmp_path):
    common = load("common")
    written = tmp_path / "written"
    grandchild = f"sh -c 'sleep 1; touch {written}' & wait"
    process = subprocess.Popen(["sh", "-c", grandchild], process_group=0)
    with pytest.raises(KeyboardInterrupt), common.stopped_at_exit(process):
        raise KeyboardInterrupt
    time.sleep(1.5)
    assert not written.exists()


def test_the_marks_of_a_dead_server_are_removed(load):
    """Its number may since belong to another process, ours here."""
    postgres = load("postgres")
    data = postgres.CACHE / "data"
    data.mkdir(parents=True)
    mark = data / "postmaster.pid"
    for number in (os.getpid(), 2**22 + 1):
        mark.write_text(f"{number}\n{data}\n")
        postgres._forget_dead_server(data)
        assert not mark.exists()

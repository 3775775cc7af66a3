"""The frame: what is installed, what is shipped, what `make` offers."""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from ingest import sample

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
LOCK = [line for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines() if line[:1] != "#"]
GOLDEN = [json.loads(line) for line in (ROOT / "tests/golden.jsonl").read_text("utf-8").splitlines()]

# What a marker in a requirement may ask, for each place where the lock must hold.
PLACES = [
    {"python_version": python, "python_full_version": f"{python}.0", "implementation_name": "cpython"}
    | {"platform_python_implementation": "CPython", "os_name": "posix", "platform_machine": "x86_64"}
    | {"sys_platform": system.lower(), "platform_system": system}
    for python in ("3.11", "3.12", "3.13")
    for system in ("Linux", "Darwin")
]


def locked(place: dict[str, str]) -> dict[NormalizedName, Version]:
    pins = [Requirement(line) for line in LOCK]
    return {
        canonicalize_name(pin.name): Version(next(iter(pin.specifier)).version)
        for pin in pins
        if not pin.marker or pin.marker.evaluate(place)
    }


def asked_for(name: str, extras: set[str], place: dict[str, str]) -> list[Requirement]:
    """What an installed distribution requires in a place, with these of its extras."""
    try:
        lines = metadata.requires(name) or []
    except metadata.PackageNotFoundError:  # of another place only
        return []
    requirements = [Requirement(line) for line in lines]
    return [
        each
        for each in requirements
        if not each.marker or any(each.marker.evaluate(place | {"extra": extra}) for extra in extras | {""})
    ]


def test_every_line_of_the_lock_is_one_exact_version_without_an_address() -> None:
    names = []
    for line in LOCK:
        assert re.fullmatch(r'[\w.-]+==[\w.]+( ; python_version >= "3\.\d+")?', line), line
        names.append(canonicalize_name(Requirement(line).name))
    assert len(names) == len(set(names))


def test_torch_is_pinned_to_the_release_whose_cpu_build_is_small() -> None:
    assert "torch==2.13.0" in LOCK


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place['python_version']}-{place['sys_platform']}")
def test_the_lock_pins_everything_that_is_asked_for(place: dict[str, str]) -> None:
    pins = locked(place)
    todo = [Requirement(line) for line in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]]
    seen = set()
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        # Another build of torch than the one locked here may bring its CUDA libraries.
        if (key := (name, frozenset(requirement.extras))) in seen or name.startswith(("nvidia", "cuda", "triton")):
            continue
        seen.add(key)
        assert name in pins, f"{requirement} is not locked"
        assert requirement.specifier.contains(pins[name], prereleases=True), f"{requirement}, not {pins[name]}"
        todo += asked_for(name, requirement.extras, place)


def test_a_wheel_has_both_packages_their_data_and_the_command(tmp_path: Path) -> None:
    # A copy, so that nothing is left in the tree, nor taken from what an earlier build left there.
    source = tmp_path / "source"
    for folder in ("bot", "ingest"):
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", tmp_path, source], check=True, capture_output=True)

    with zipfile.ZipFile(next(tmp_path.glob("citedesk-*.whl"))) as wheel:
        files = {name: wheel.read(name) for name in wheel.namelist()}
    shipped = {path.relative_to(source).as_posix() for path in source.glob("*/**/*") if path.is_file()}
    about = {name for name in files if ".dist-info/" in name}
    assert files.keys() - about == {name for name in shipped if not name.startswith(("build/", "citedesk.egg"))}
    assert {"bot/py.typed", "ingest/py.typed", "ingest/sample/article.md"} <= files.keys()
    assert files["ingest/sample/article.md"] == sample.ARTICLE.read_bytes()
    scripts = configparser.ConfigParser()
    scripts.read_string(files[next(name for name in about if name.endswith("entry_points.txt"))].decode())
    assert dict(scripts["console_scripts"]) == {"citedesk": "bot.cli:main"}


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "--no-print-directory", "-C", folder, *words]
    # What a `make test` around this one has exported is not for this one.
    environ = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def test_make_lists_every_target() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert phony
    listed = make(ROOT)
    assert listed.returncode == 0
    assert [line.split()[1] for line in listed.stdout.splitlines()] == phony[1].split()


def test_make_says_when_there_is_no_python(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    made = make(tmp_path, "test", "PYTHON=no-such-python false")
    assert made.returncode == 2
    assert made.stderr.startswith("Citedesk needs Python 3.11 or newer with venv; tried no-such-python false. ")
    assert not (tmp_path / ".venv").exists()


def test_the_sample_is_a_brief_with_a_title_a_byline_and_a_date() -> None:
    _, head, body = sample.ARTICLE.read_text("utf-8").split("---\n", 2)
    assert [line.partition(":")[0] for line in head.splitlines()] == ["title", "byline", "date", "lang"]
    assert "\ndate: 2025-10-08\n" in head
    assert 500 <= len(body.split()) <= 700


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case.get("question") or case["turns"][-1])
def test_golden_answers_stand_in_the_sample(case: dict[str, object]) -> None:
    text = sample.ARTICLE.read_text("utf-8")
    match case:
        case {"question": str(), "answerable": False}:
            pass
        case {"question": str(), "answers": [*answers]} | {"turns": [_, _, *_], "answers": [*answers]}:
            assert answers
            assert all(str(answer) in text for answer in answers)
        case _:
            pytest.fail(f"neither answers nor a refusal: {case}")

"""Sources on this machine: files, folders and standard input."""

import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from ingest.errors import SourceError
from ingest.load import HTML, MARKDOWN, MAX_BYTES, PDF, TEXT, discover, load, sniff


def refusal(source: str | Path) -> str:
    with pytest.raises(SourceError) as caught:
        load(str(source))
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_file_is_known_by_its_absolute_path_and_called_as_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pact.txt").write_bytes(b"Cuba and Russia signed.")
    monkeypatch.chdir(tmp_path)
    loaded = load("pact.txt")
    assert (loaded.name, loaded.source) == ("pact.txt", str((tmp_path / "pact.txt").resolve()))
    assert (loaded.data, loaded.media, loaded.charset) == (b"Cuba and Russia signed.", TEXT, None)


@pytest.mark.parametrize(
    ("name", "data", "media"),
    [
        ("a.txt", b"x", TEXT),
        ("a.MD", b"x", MARKDOWN),
        ("a.markdown", b"x", MARKDOWN),
        ("a.htm", b"x", HTML),
        ("a.pdf", b"x", PDF),
        ("a.txt", b"%PDF-1.7", PDF),
        ("article", b"  <!DOCTYPE html><p>x", HTML),
        ("article.bak", b"%PDF-1.7", PDF),
        ("article.log", b"plain words", TEXT),
    ],
)
def test_the_kind_comes_from_the_suffix_and_else_from_the_content(
    tmp_path: Path, name: str, data: bytes, media: str
) -> None:
    (tmp_path / name).write_bytes(data)
    assert load(str(tmp_path / name)).media == media


@pytest.mark.parametrize(
    ("data", "media"),
    [
        (b"<?xml version='1.0'?>\n<html>", HTML),
        (b"<!-- saved -->\n<html lang=en>", HTML),
        (b"\xef\xbb\xbf<!doctype html>", HTML),
        (b"<p>an essay on tags", TEXT),
        (b"", TEXT),
    ],
)
def test_sniff(data: bytes, media: str) -> None:
    assert sniff(data) == media


def test_what_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "file.txt").write_text("x")
    assert refusal(tmp_path / "gone.txt").endswith("gone.txt: no such file or folder")
    assert refusal(tmp_path / "file.txt" / "below.txt").endswith("no such file or folder")
    assert refusal(tmp_path / "empty.txt").endswith("empty.txt: empty")
    assert "ftp://" in refusal("ftp://example.org/a.txt")
    assert "file://" in refusal("file:///etc/hosts")
    assert refusal("nul\0byte.txt")
    assert refusal("x" * 300)
    if os.path.exists("/dev/zero"):
        assert refusal("/dev/zero").endswith("not a file")


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "larger than 20 MB" in refusal(tmp_path / "big.txt")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_permission(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "secret.txt").chmod(0)
    assert "permission denied" in refusal(tmp_path / "secret.txt")


def test_a_name_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    name = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")
    try:
        Path(name).write_text("x")
    except OSError:
        pytest.skip("this file system keeps only UTF-8 names")
    assert list(discover([str(tmp_path)])) == [name]
    assert "rename it" in refusal(name)


def test_a_name_cannot_break_the_line(tmp_path: Path) -> None:
    assert "\x1b" not in refusal(tmp_path / "a\n\x1b[31mb.txt")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    def give(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))

    give(b"<html><p>x")
    assert load("-").source == "-"
    give(b"<html><p>x")
    assert load("-").media == HTML
    give(b"")
    assert refusal("-") == "standard input: empty"
    give(b"x" * (MAX_BYTES + 1))
    assert "larger than 20 MB" in refusal("-")


def test_a_folder_is_walked_in_sorted_order_without_hidden_and_other_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "C.HTML", "sub/d.pdf", "sub/deep/e.htm", "f.markdown"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    for name in (".hidden.txt", "image.png", ".git/config.txt", "noise"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = [os.path.relpath(path, tmp_path) for path in discover([str(tmp_path)])]
    assert found == ["C.HTML", "a.md", "b.txt", "f.markdown", "sub/d.pdf", "sub/deep/e.htm"]


def test_links_that_go_round_in_circles_are_harmless(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "self.txt").symlink_to("self.txt")
    assert list(discover([str(tmp_path)])) == [str(tmp_path / "a.txt"), str(tmp_path / "self.txt")]
    assert refusal(tmp_path / "self.txt")


def test_a_folder_without_articles_is_a_line_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "image.png").write_text("x")
    assert list(discover([str(tmp_path)])) == [str(tmp_path)]
    assert "no articles in this folder" in refusal(tmp_path)


def test_a_folder_that_cannot_be_listed_is_a_line_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "open.txt").write_text("x")
    listed = os.listdir

    def deny(path: str | Path) -> list[str]:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "listdir", deny)
    assert list(discover([str(tmp_path)])) == [str(tmp_path / "closed"), str(tmp_path / "open.txt")]
    assert refusal(tmp_path / "closed").endswith("closed: cannot be read: permission denied")


def test_what_is_no_folder_passes_through_in_order() -> None:
    named = ["-", "https://example.org/a", "gone.txt", "ftp://x/y", "data.bin"]
    assert list(discover(named)) == named


@pytest.mark.parametrize("source", ["", " "])
def test_no_name_is_not_the_folder_that_one_is_in(source: str) -> None:
    with pytest.raises(SourceError, match="the name of a source is empty"):
        load(source)

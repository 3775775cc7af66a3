"""The words of every version, in pieces that any Chroma takes."""

from collections.abc import Collection, Iterable

from ingest.chroma import Record, Records

PIECE = 3_500  # characters in one record: 14 kB at most


class Texts:
    """The texts, each under its article's id and its version's name."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def write(self, texts: Iterable[tuple[str, str, str]]) -> None:
        """Keep texts given as (article id, version, text)."""
        self._records.put(
            [
                Record(f"{id}/{version}/{n}", {"article_id": id, "version": version, "n": n}, text[at : at + PIECE])
                for id, version, text in texts
                for n, at in enumerate(range(0, len(text), PIECE))
            ]
        )

    def read(self, id: str, version: str) -> str | None:
        """The text of a version, or None if it is not kept."""
        pieces = self._records.where("metadatas", "documents", article_id=id, version=version)
        pieces.sort(key=lambda piece: int(piece.metadata["n"]))
        return "".join(piece.document or "" for piece in pieces) or None

    def forget(self, id: str, keep: Collection[str]) -> None:
        """Delete the texts of an article, except these versions."""
        pieces = self._records.where("metadatas", article_id=id)
        self._records.delete([piece.id for piece in pieces if piece.metadata["version"] not in keep])

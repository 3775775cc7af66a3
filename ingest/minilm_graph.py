"""The MiniLM encoder as an ONNX model, written straight from the weights: neither torch nor onnx is needed.

Two renderings. The exact one is float32. The bulk one multiplies with 8 bit integers where that costs no
quality; tests hold every vector to a cosine of .999 against the exact one.
"""

import math
import struct
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Tensors = dict[str, NDArray[Any]]

LAYERS, HEADS, WIDTH = 6, 12, 384
_FLOAT, _INT8, _INT64 = 1, 3, 7  # TensorProto.DataType
_STANDARD = {"Add", "DynamicQuantizeLinear", "Gemm", "LayerNormalization", "Mul", "Squeeze", "Unsqueeze"}
# Without VNNI two products are summed in 16 bits, which clip: attention's weights then keep to a smaller range.
_NARROW, _FULL = 96, 127


class Encoder:
    """A graph from ``x`` (a row a token: its embedding) to the last hidden state, and the tensors it names."""

    def __init__(self, weights: "Mapping[str, NDArray[Any]]") -> None:
        self.weights = weights
        self.tensors: Tensors = {}
        self.states: list[str] = []  # what each half layer reads, and last what the encoder returns
        self._nodes: list[bytes] = []
        self._build()

    def _build(self) -> None:
        x = self._norm("x", "embeddings.LayerNorm")
        for layer in range(LAYERS):
            part = f"encoder.layer.{layer}"
            x = self._norm(self._add(self._attention(x, part), x), f"{part}.attention.output.LayerNorm")
            x = self._norm(self._add(self._feed_forward(x, part), x), f"{part}.output.LayerNorm")

    def _attention(self, x: str, part: str) -> str:
        query, key, value = (f"{part}.attention.self.{role}" for role in ("query", "key", "value"))
        if self.late(part):
            roles = self.mix(x, [query, key, value])
        else:
            roles = [*self.mix(x, [query, key]), self.linear(x, value)]
        heads = [self.node("Unsqueeze", role, "first") for role in roles]
        read = self.node("Squeeze", self.node("MultiHeadAttention", *heads, num_heads=HEADS), "first")
        return self.mix(read, [f"{part}.attention.output.dense"])[0]

    def _feed_forward(self, x: str, part: str) -> str:
        (wide,) = self.mix(x, [f"{part}.intermediate.dense"])
        wide, name = self.node("Gelu", wide), f"{part}.output.dense"
        return self.mix(wide, [name])[0] if self.late(part) else self.linear(wide, name)

    @staticmethod
    def late(part: str) -> bool:
        """Whether a layer is one of the last, where what is rounded off goes no further."""
        return int(part.rpartition(".")[2]) >= LAYERS - 2

    def mix(self, x: str, names: Sequence[str]) -> list[str]:
        """Linear layers that read the same input and can do with less than float32."""
        return [self.linear(x, name) for name in names]

    def linear(self, x: str, name: str) -> str:
        return self.node("Gemm", x, *self._affine(name), transB=1)

    def _add(self, x: str, rest: str) -> str:
        return self.node("Add", x, rest)

    def _norm(self, x: str, name: str) -> str:
        # Add and LayerNormalization apart: the fused SkipLayerNormalization takes five times as long on a CPU.
        state = f"state{len(self.states)}"
        self.states.append(state)
        return self.node("LayerNormalization", x, *self._affine(name), called=state, axis=-1, epsilon=1e-12)

    def _affine(self, name: str) -> list[str]:
        return [self.tensor(key, self.weights[key]) for key in (f"{name}.weight", f"{name}.bias")]

    def tensor(self, name: str, value: "NDArray[Any]") -> str:
        self.tensors[name] = value
        return name

    def node(self, kind: str, *inputs: str, called: str = "", outputs: int = 1, **settings: float) -> str:
        """Add an operation. Its outputs go by the name that is returned, then by ``name:1`` and ``name:2``."""
        name = called or f"{kind}{len(self._nodes)}"
        made = [name, *(f"{name}:{at}" for at in range(1, outputs))]
        ends = [*((1, given) for given in inputs), *((2, output) for output in made)]
        attributes = [(5, _attribute(key, value)) for key, value in settings.items()]
        domain = "" if kind in _STANDARD else "com.microsoft"
        self._nodes.append(_message(*ends, (3, name), (4, kind), *attributes, (7, domain)))
        return name

    def model(self, outputs: Sequence[str]) -> bytes:
        """The serialised ModelProto. Its tensors are named in it and handed over beside it."""
        first = _message((1, 1), (2, _INT64), (8, "first"), (9, struct.pack("<q", 0)))
        tensors = [first, *(_external(name, value) for name, value in self.tensors.items())]
        graph = _message(
            *((1, node) for node in self._nodes),
            (2, "MiniLM"),
            *((5, tensor) for tensor in tensors),
            (11, _rows("x")),
            *((12, _rows(name)) for name in outputs),
        )
        operators = [(8, _message((1, name), (2, version))) for name, version in (("", 17), ("com.microsoft", 1))]
        return _message((1, 8), *operators, (7, graph))


class BulkEncoder(Encoder):
    """The same with 8 bit weights and activations wherever `mix` is used: 26 of 36 multiplications.

    The others, in the first layers, stay as they are: what rounding the values does to the result is not softened
    by a softmax, and in the second half of the feed-forward a few neurons are a hundred times louder than the rest
    for the first token, which 8 bits cannot hold. In a state a few channels are, always the same: ``peaks`` has
    each channel's largest value for every entry of ``states``. Loud channels are turned down before rounding, and
    their weights up.
    """

    def __init__(self, weights: "Mapping[str, NDArray[Any]]", peaks: "Sequence[NDArray[Any]]", vnni: bool) -> None:
        self._peaks = peaks
        self._vnni = vnni
        super().__init__(weights)

    def mix(self, x: str, names: Sequence[str]) -> list[str]:
        import numpy as np

        matrices = [self.weights[f"{name}.weight"].T for name in names]
        if x in self.states:
            gain = _gains(self._peaks[self.states.index(x)], np.concatenate(matrices, axis=1))
            x = self.node("Mul", x, self.tensor(f"{names[0]}.quieter", 1 / gain))
            matrices = [matrix * gain[:, None] for matrix in matrices]
        rounded = self.node("DynamicQuantizeLinear", x, outputs=3)
        return [self._integer(rounded, name, matrix) for name, matrix in zip(names, matrices, strict=True)]

    def _integer(self, x: str, name: str, matrix: "NDArray[Any]") -> str:
        import numpy as np

        limit = _FULL if self._vnni or name.endswith("intermediate.dense") else _NARROW
        scale = np.maximum(np.abs(matrix).max(axis=0) / limit, 1e-9).astype(np.float32)
        steps = np.ascontiguousarray(np.rint(matrix / scale).astype(np.int8))
        weight, unit = self.tensor(f"{name}.steps", steps), self.tensor(f"{name}.scale", scale)
        bias = self.tensor(f"{name}.bias", self.weights[f"{name}.bias"])
        return self.node("MatMulIntegerToFloat", x, weight, f"{x}:1", unit, f"{x}:2", "", bias)


def _gains(peaks: "NDArray[Any]", matrix: "NDArray[Any]") -> "NDArray[np.float32]":
    """How much quieter to make each input channel, weighing its peak against the weights that make up for it."""
    import numpy as np

    loudness = np.maximum(peaks, 1e-3) ** 0.7 / np.abs(matrix).max(axis=1) ** 0.3
    gains: NDArray[np.float32] = (loudness / np.median(loudness)).astype(np.float32)
    return gains


def _external(name: str, value: "NDArray[Any]") -> bytes:
    kind = _INT8 if value.dtype.itemsize == 1 else _FLOAT
    length = math.prod(value.shape) * value.dtype.itemsize
    where = [(13, _message((1, key), (2, said))) for key, said in (("location", "-"), ("length", str(length)))]
    return _message(*((1, size) for size in value.shape), (2, kind), (8, name), *where, (14, 1))


def _rows(name: str) -> bytes:
    shape = _message((1, _message((2, "tokens"))), (1, _message((1, WIDTH))))
    return _message((1, name), (2, _message((1, _message((1, _FLOAT), (2, shape))))))


def _attribute(name: str, value: float) -> bytes:
    field, kind = (3, 2) if isinstance(value, int) else (2, 1)
    return _message((1, name), (field, value), (20, kind))


def _message(*fields: tuple[int, int | float | str | bytes]) -> bytes:
    """A protobuf message, by field number: whole numbers as varints, floats in 32 bits, the rest with its length.

    The numbers are those of onnx.proto, which never change.
    """
    out = bytearray()
    for number, value in fields:
        if isinstance(value, int):
            out += _varint(number << 3) + _varint(value)
        elif isinstance(value, float):
            out += _varint(number << 3 | 5) + struct.pack("<f", value)
        else:
            data = value.encode() if isinstance(value, str) else value
            out += _varint(number << 3 | 2) + _varint(len(data)) + data
    return bytes(out)


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)

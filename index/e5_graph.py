"""The BERT encoder of multilingual-e5-small as an ONNX graph, built once from the 4-bit weights.

The word table stays outside: it is four fifths of the model and a text needs a hundred of its rows, which
`Weights.embed` reads from the memory-mapped file. So the graph starts from embedded tokens (texts, tokens, hidden) and
ends with their mean (texts, hidden), not yet of unit length. It has no mask: texts of one call have the same number of
tokens, so nothing is padded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from zhengwen.index.e5_weights import BLOCK, Bytes, Floats, Weights, dequantise, nibbles, scales

if TYPE_CHECKING:
    import onnx

Precision = Literal["int8", "fp32"]
GRAPH_VERSION = 2
"""Raised with every change that changes vectors."""
_MICROSOFT = "com.microsoft"
_INT8_RANGE = 63
"""Seven bits: with eight, the product of processors without VNNI saturates, which costs more than the bit gives."""

_LOUD = {0: (318, 8), 1: (1462, 2), 2: (354, 2), 4: (778, 8), 5: (658, 8), 6: (1152, 2), 7: (413, 2)}
"""Layer → its one neuron that is far louder than the others (56 against 5), and what to divide it by before int8.

Measured on passages of reports; activations share one scale, so this neuron would coarsen all. Its weights are
multiplied by the same power of two, so the product stays the same for any model.
"""


class _Graph:
    """Nodes and constants under construction; every method gives the name of its result."""

    def __init__(self, weights: Weights, precision: Precision) -> None:
        self.weights = weights
        self.precision = precision
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: np.ndarray) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: list[str], *outputs: str, domain: str = "", **options: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, list(outputs), domain=domain, name=outputs[0], **options))
        return outputs[0]

    def linear(self, source: str, names: list[str], result: str, *, inputs: int, quieter: Floats | None = None) -> str:
        """source @ W.T + b, where W is the rows of the named layers one below the other.

        `quieter` (inputs,) is what int8 divides the inputs by, and multiplies the weights with.
        """
        blocks: Bytes = np.concatenate([self.weights.blocks(f"{name}.w") for name in names])
        bias = self.constant(f"{result}.b", np.concatenate([self.weights.floats(f"{name}.b") for name in names]))
        if self.precision == "fp32":
            return self.exact(source, blocks, bias, result, inputs=inputs)
        rows = dequantise(blocks).reshape(-1, inputs)
        if quieter is not None:
            divisors = self.constant(f"{result}.quieter", 1 / quieter)
            source, rows = self.node("Mul", [source, divisors], f"{result}.quiet"), rows * quieter
        scale = np.maximum(np.abs(rows).max(axis=1), 1e-12).astype(np.float32) / _INT8_RANGE
        whole = self.constant(f"{result}.w", np.rint(rows / scale[:, None]).astype(np.int8).T)
        parts = [source, whole, self.constant(f"{result}.s", scale), "", bias]
        return self.node("DynamicQuantizeMatMul", parts, result, domain=_MICROSOFT)

    def exact(self, source: str, blocks: Bytes, bias: str, result: str, *, inputs: int) -> str:
        """The product with the 4-bit weights as they are, computed in fp32: a seventh of the fp32 matrix's size.

        The operator wants a block's weights in pairs of neighbours, where Q4_0 has pairs sixteen apart.
        """
        weights, outputs = nibbles(blocks), len(blocks) * BLOCK // inputs
        pairs = (weights[:, 0::2] | (weights[:, 1::2] << 4)).reshape(outputs, inputs // BLOCK, BLOCK // 2)
        scale = self.constant(f"{result}.s", scales(blocks).reshape(outputs, -1))
        return self.node(
            "MatMulNBits",
            [source, self.constant(f"{result}.w", pairs), scale, "", "", bias],
            result,
            domain=_MICROSOFT,
            K=inputs,
            N=outputs,
            bits=4,
            block_size=BLOCK,
            accuracy_level=1,
        )

    def normalise(self, source: str, skip: str, name: str, result: str) -> str:
        """Layer normalisation of source, or of source + skip."""
        parts = [self.constant(f"{name}.{part}", self.weights.floats(f"{name}.{part}")) for part in "wb"]
        epsilon = self.weights.shape.epsilon
        total = self.node("Add", [source, skip], f"{result}.sum") if skip else source
        return self.node("LayerNormalization", [total, *parts], result, axis=-1, epsilon=epsilon)

    def quieter(self, number: int) -> Floats | None:
        """What the loud neuron of a layer is divided by, 1 for the others; None where a layer has none."""
        if number not in _LOUD or _LOUD[number][0] >= self.weights.shape.feed_forward:
            return None
        neuron, divisor = _LOUD[number]
        factors = np.ones(self.weights.shape.feed_forward, dtype=np.float32)
        factors[neuron] = divisor
        return factors

    def layer(self, number: int, source: str) -> str:
        """One encoder layer."""
        shape, name = self.weights.shape, f"l{number}"
        triple = self.linear(source, [f"{name}.q", f"{name}.k", f"{name}.v"], f"{name}.qkv", inputs=shape.hidden)
        parts = [f"{name}.query", f"{name}.key", f"{name}.value"]
        self.node("Split", [triple], *parts, axis=-1, num_outputs=3)
        context = self.node("MultiHeadAttention", parts, f"{name}.context", domain=_MICROSOFT, num_heads=shape.heads)
        out = self.linear(context, [f"{name}.ao"], f"{name}.attended", inputs=shape.hidden)
        middle = self.normalise(out, source, f"{name}.aln", f"{name}.middle")
        wide = self.linear(middle, [f"{name}.fi"], f"{name}.wide", inputs=shape.hidden)
        active = self.node("Gelu", [wide], f"{name}.active", domain=_MICROSOFT)
        narrow = self.linear(
            active, [f"{name}.fo"], f"{name}.narrow", inputs=shape.feed_forward, quieter=self.quieter(number)
        )
        return self.normalise(narrow, middle, f"{name}.oln", f"{name}.out")


def build(weights: Weights, precision: Precision) -> bytes:
    """The serialised model: input `embedded` (texts, tokens, hidden) f32, output `mean` (texts, hidden) f32."""
    from onnx import TensorProto, helper

    if weights.shape.hidden % BLOCK:
        raise ValueError(f"a hidden size of {weights.shape.hidden} is no multiple of {BLOCK}")
    graph = _Graph(weights, precision)
    state = graph.normalise("embedded", "", "emb.ln", "start")
    for number in range(weights.shape.layers):
        state = graph.layer(number, state)
    graph.node("ReduceMean", [state, graph.constant("tokens", np.array([1]))], "mean", keepdims=0)
    hidden = weights.shape.hidden
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "multilingual-e5-small",
            [helper.make_tensor_value_info("embedded", TensorProto.FLOAT, ["texts", "tokens", hidden])],
            [helper.make_tensor_value_info("mean", TensorProto.FLOAT, ["texts", hidden])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(_MICROSOFT, 1)],
        ir_version=9,
        producer_name="zhengwen",
    )
    data: bytes = model.SerializeToString()
    return data

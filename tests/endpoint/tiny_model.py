"""A language model of a few thousand weights in GGUF form, written here; its text means nothing.

Layout: GGUF version 3 as its public description defines it (header, key-value pairs, tensor table, aligned
data). Architecture ``llama`` with one layer, a byte-level vocabulary and weights from a fixed seed.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

WIDTH, HEADS, HIDDEN, CONTEXT, ALIGNMENT = 32, 2, 64, 4096, 32
SPECIAL = ("<unk>", "<s>", "</s>")
UINT32, FLOAT32, STRING, ARRAY, INT32 = 4, 6, 8, 9, 5
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6
TEMPLATE = "{% for message in messages %}{{ message['content'] }}\n{% endfor %}"


def write_model(path: Path) -> None:
    """Write the model to ``path``."""
    tensors = _make_tensors(len(SPECIAL) + 256)
    pairs = _make_pairs()
    table, offset = b"", 0
    for name, array in tensors.items():
        shape = array.shape[::-1]
        table += _text(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape)
        table += struct.pack("<IQ", 0, offset)
        offset += -(-array.nbytes // ALIGNMENT) * ALIGNMENT
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(pairs)) + b"".join(pairs) + table
    body = b"".join(_pad(array.tobytes()) for array in tensors.values())
    path.write_bytes(_pad(head) + body)


def _make_tensors(words: int) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    source = np.random.default_rng(20261121)
    shapes = {
        "token_embd.weight": (words, WIDTH),
        "output.weight": (words, WIDTH),
        "blk.0.attn_q.weight": (WIDTH, WIDTH),
        "blk.0.attn_k.weight": (WIDTH, WIDTH),
        "blk.0.attn_v.weight": (WIDTH, WIDTH),
        "blk.0.attn_output.weight": (WIDTH, WIDTH),
        "blk.0.ffn_gate.weight": (HIDDEN, WIDTH),
        "blk.0.ffn_up.weight": (HIDDEN, WIDTH),
        "blk.0.ffn_down.weight": (WIDTH, HIDDEN),
    }
    tensors = {name: source.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}
    for name in ("output_norm.weight", "blk.0.attn_norm.weight", "blk.0.ffn_norm.weight"):
        tensors[name] = np.ones(WIDTH, dtype=np.float32)
    return tensors


def _make_pairs() -> list[bytes]:
    words = [*SPECIAL, *(f"<0x{value:02X}>" for value in range(256))]
    kinds = [UNKNOWN, CONTROL, CONTROL, *([BYTE] * 256)]
    numbers = {
        "llama.context_length": CONTEXT,
        "llama.embedding_length": WIDTH,
        "llama.block_count": 1,
        "llama.feed_forward_length": HIDDEN,
        "llama.attention.head_count": HEADS,
        "llama.attention.head_count_kv": HEADS,
        "llama.rope.dimension_count": WIDTH // HEADS,
        "llama.vocab_size": len(words),
        "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
    }
    texts = {
        "general.architecture": "llama",
        "general.name": "tiny",
        "tokenizer.ggml.model": "llama",
        "tokenizer.chat_template": TEMPLATE,
    }
    return [
        *(_text(name) + struct.pack("<I", STRING) + _text(value) for name, value in texts.items()),
        *(_text(name) + struct.pack("<II", UINT32, value) for name, value in numbers.items()),
        _text("llama.attention.layer_norm_rms_epsilon") + struct.pack("<If", FLOAT32, 1e-5),
        _array("tokenizer.ggml.tokens", STRING, [_text(word) for word in words]),
        _array("tokenizer.ggml.scores", FLOAT32, [struct.pack("<f", 0.0)] * len(words)),
        _array("tokenizer.ggml.token_type", INT32, [struct.pack("<i", kind) for kind in kinds]),
    ]


def _array(name: str, kind: int, items: list[bytes]) -> bytes:
    return _text(name) + struct.pack("<IIQ", ARRAY, kind, len(items)) + b"".join(items)


def _text(value: str) -> bytes:
    content = value.encode()
    return struct.pack("<Q", len(content)) + content


def _pad(content: bytes) -> bytes:
    return content + b"\0" * (-len(content) % ALIGNMENT)

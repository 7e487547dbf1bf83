"""The real OpenAI-compatible server of llama.cpp with our tiny model, in a process of its own.

Run as a program with the path of a model it prints its port and serves until its standard input closes.
"""

from __future__ import annotations

import os
import socket
import sys

import xllamacpp  # type: ignore[import-untyped]  # it has no stubs


def main() -> None:
    """Serve until standard input closes."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    params = xllamacpp.CommonParams()
    params.model.path = sys.argv[1]
    params.n_ctx, params.port, params.warmup = 4096, port, False
    params.n_parallel = 1
    if "--embedding" in sys.argv:
        params.embedding = True
        params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    params.cpuparams.n_threads = 1
    server = xllamacpp.Server(params)
    print(f"port {server.listening_address.rsplit(':', 1)[1]}", flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()

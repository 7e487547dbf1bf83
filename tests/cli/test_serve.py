"""The server's own socket."""

from __future__ import annotations

import asyncio
import socket

from akashi.cli.serve import listen


def test_pages_do_not_wait_for_small_packets() -> None:
    async def connect() -> int:
        delays: asyncio.Queue[int] = asyncio.Queue()

        async def tell(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted = writer.get_extra_info("socket")
            await delays.put(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with listen("127.0.0.1", 0) as listener:
            server = await asyncio.start_server(tell, sock=listener)
            _, writer = await asyncio.open_connection(*listener.getsockname())
            writer.close()
            no_delay = await delays.get()
            server.close()
            return no_delay

    assert asyncio.run(connect()) != 0

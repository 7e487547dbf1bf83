"""An OpenAI-compatible endpoint in a process of its own that does what a test tells it: also lie and stall.

Run as a program it prints its port and serves until its standard input closes. ``POST /script`` sets the
behaviour of the next replies; ``GET /seen`` returns every request it got, for tests that look at the traffic.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import socket
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FOREVER_SECONDS = 60.0
DIGIT = re.compile("[0-9０-９]")


class Script:
    """What the endpoint does now, and what it has seen."""

    def __init__(self) -> None:
        self.does: dict[str, Any] = {"kind": "honest"}
        self.seen: list[dict[str, Any]] = []
        self.served = 0


SCRIPT = Script()


class Handler(BaseHTTPRequestHandler):
    """Answers as scripted."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Return what was seen, or the models."""
        if self.path.endswith("/models"):
            rows = [{"id": _model(), "object": "model", "created": 1, "owned_by": "scripted"}]
            self._send_json({"object": "list", "data": rows})
            return
        self._send_json(SCRIPT.seen)

    def do_POST(self) -> None:
        """Take a script, or answer as scripted."""
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        if self.path == "/script":
            SCRIPT.does, SCRIPT.served = json.loads(body), 0
            SCRIPT.seen.clear()
            self._send_json({})
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        SCRIPT.seen.append({"path": self.path, "headers": headers, "body": json.loads(body)})
        SCRIPT.served += 1
        with suppress(BrokenPipeError, ConnectionResetError):
            if self.path.endswith("/embeddings"):
                self._embed(json.loads(body))
            else:
                getattr(self, f"_do_{SCRIPT.does['kind']}")(SCRIPT.does, json.loads(body))
        self.close_connection = True

    def _send_json(self, value: Any, status: int = 200, **headers: str) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _begin(self, **headers: str) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.send_header("connection", "close")
        self.end_headers()

    def _event(self, value: Any) -> None:
        self.wfile.write(f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode())
        self.wfile.flush()

    def _piece(self, text: str, finish: str | None = None, **more: Any) -> None:
        self._chunk([{"index": 0, "delta": {"content": text}, "finish_reason": finish}], **more)

    def _chunk(self, choices: list[Any], **more: Any) -> None:
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": _model()}
        self._event({**chunk, "choices": choices, **more})

    def _say(self, pieces: list[str], does: dict[str, Any]) -> None:
        more = {"system_fingerprint": does["fingerprint"]} if "fingerprint" in does else {}
        for piece in pieces:
            self._piece(piece, **more)
            time.sleep(does.get("pause", 0))
        self._piece("", does.get("finish", "stop"), **more)
        if "usage" in does:
            self._chunk([], **does["usage"])
        self.wfile.write(b"data: [DONE]\n\n")

    def _do_say(self, does: dict[str, Any], _body: Any) -> None:
        self._begin()
        self._say(does["pieces"], does)

    def _do_honest(self, does: dict[str, Any], body: Any) -> None:
        self._begin()
        self._say(
            [piece for one in honest_sentences(body) for piece in re.findall(".{1,4}", one, re.DOTALL)], does
        )

    def _do_echo_names(self, does: dict[str, Any], body: Any) -> None:
        """Say the placeholders of the last message, one by one."""
        names = re.findall(r"\[[^\[\]]+\]", body["messages"][-1]["content"])
        pieces = [f"{does.get('prefix', '')}{name}{does.get('suffix', '')}\n" for name in names]
        self._begin()
        self._say([part for one in pieces for part in re.findall(".{1,5}", one, re.DOTALL)], does)

    def _do_by_question(self, does: dict[str, Any], body: Any) -> None:
        question = json.loads(body["messages"][-1]["content"])["question"]
        self._begin()
        self._say([does["answers"].get(question, "NO_ANSWER")], does)

    def _do_judges(self, does: dict[str, Any], body: Any) -> None:
        """Vote on a reply as a whole JSON answer: rightly, always yes, each time otherwise, or not at all."""
        asked = json.loads(body["messages"][-1]["content"])
        manner = does.get("manner", "right")
        if manner == "stalls":
            time.sleep(does.get("seconds", FOREVER_SECONDS))
        said = str(asked["conversation"][-1]["text"])
        is_good = not any(word in said for word in does["bad"])
        if manner == "flips" and not any(word in said for word in does.get("sure", [])):
            is_good = asked["vote"] % 2 == 0
        is_yes = is_good is not ("反する" in asked["question"] or "不合格" in asked["question"])
        answer = {"answer": "yes" if is_yes or manner == "yes" else "no", "quote": said[:8]}
        if manner == "invents":
            answer["quote"] = "言っていない言葉"
        text = does.get("text", json.dumps(answer, ensure_ascii=False))
        message = {"role": "assistant", "content": text}
        usage = {"prompt_tokens": 300, "completion_tokens": 20}
        self._send_json({"model": _model(), "choices": [{"message": message}], "usage": usage})

    def _do_lies(self, does: dict[str, Any], body: Any) -> None:
        """Say the truth with every digit raised by one, after one true sentence."""
        told = honest_sentences(body)
        lies = [
            re.sub("[0-9０-９]", lambda m: str((int(m[0]) + 1) % 10), one.split("[")[0]) + "[1]\n"
            for one in told
        ]
        invented = "年間の利用料は9,876円です。[1]\n"
        self._begin()
        self._say([*told[:1], *lies[1:], invented, "出典のない文です。\n", "番号が違います。[9]\n"], does)

    def _do_stall_before(self, _does: Any, _body: Any) -> None:
        time.sleep(FOREVER_SECONDS)

    def _do_stall_midway(self, does: dict[str, Any], body: Any) -> None:
        self._begin()
        for one in honest_sentences(body)[:1]:
            self._piece(one)
        time.sleep(does.get("seconds", FOREVER_SECONDS))

    def _do_drip_head(self, _does: Any, _body: Any) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"x-a: b\r\n")
            self.wfile.flush()
            time.sleep(0.1)

    def _do_drip_comments(self, _does: Any, _body: Any) -> None:
        self._begin()
        while True:
            self.wfile.write(b": still thinking\n\n")
            self.wfile.flush()
            time.sleep(0.1)

    def _do_cut(self, does: dict[str, Any], body: Any) -> None:
        if does.get("chunked"):
            self._begin(transfer_encoding="chunked")
            self.wfile.write(b"ff\r\ndata: ")
        else:
            self._begin()
            for one in honest_sentences(body)[:1]:
                self._piece(one)
            self._piece("途中で切れ")
            self.wfile.write(b'data: {"id": "c", "choi')
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def _do_flood(self, _does: Any, _body: Any) -> None:
        self._begin()
        while True:
            self._piece("あ" * 1000)

    def _do_flood_line(self, _does: Any, _body: Any) -> None:
        self._begin()
        self.wfile.write(b'data: {"a": "')
        while True:
            self.wfile.write(b"x" * 65_536)

    def _do_raw(self, does: dict[str, Any], _body: Any) -> None:
        self._begin()
        self.wfile.write(does["text"].encode())

    def _do_deep(self, _does: Any, _body: Any) -> None:
        self._begin()
        self.wfile.write(b"data: " + b"[" * 100_000 + b"\n\n")

    def _do_zipped(self, _does: Any, _body: Any) -> None:
        self._begin(content_encoding="gzip")
        self.wfile.write(gzip.compress(b"x" * 50_000_000))

    def _do_status(self, does: dict[str, Any], body: Any) -> None:
        if SCRIPT.served <= does.get("times", 1_000_000):
            self._send_json(
                {"error": {"message": f"echo {json.dumps(body)}"}}, does["status"], **does.get("headers", {})
            )
        else:
            self._do_honest(does, body)

    def _do_redirect(self, does: dict[str, Any], _body: Any) -> None:
        self._send_json({}, 307, location=does["to"])

    def _embed(self, body: Any) -> None:
        rows = [
            {"object": "embedding", "index": place, "embedding": vector_of(text)}
            for place, text in enumerate(body["input"])
        ]
        if SCRIPT.does["kind"] == "bad_vectors":
            rows[0]["embedding"] = SCRIPT.does["vector"]
        if SCRIPT.does["kind"] == "status":
            self._do_status(SCRIPT.does, body)
            return
        self._send_json({"object": "list", "model": _model(), "data": rows})


def honest_sentences(body: Any) -> list[str]:
    """Return the sentences of the excerpts that were sent, each with its number."""
    try:
        data = json.loads(body["messages"][-1]["content"])
        excerpts = data["excerpts"]
    except (ValueError, KeyError, TypeError):
        return ["承知しました。[1]\n"]
    found = []
    for excerpt in excerpts:
        sentences = [one for one in re.split(r"(?<=[。！？])|\n", excerpt["text"]) if one and one.strip()]
        found += [f"{one.strip()}[{excerpt['number']}]\n" for one in sentences]
    return found


def vector_of(text: str) -> list[float]:
    """Return a vector in which texts that share characters lie near each other."""
    vector = [0.0] * 64
    for character in text:
        vector[hashlib.sha256(character.encode()).digest()[0] % 64] += 1.0
    return vector


def _model() -> str:
    return str(SCRIPT.does.get("model", "scripted-1"))


def main() -> None:
    """Serve until standard input closes."""
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()

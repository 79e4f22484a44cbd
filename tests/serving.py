"""A server on this machine that answers as it is told, by TLS.

It keeps what it was asked, so that tests can count.
"""

import contextlib
import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import trustme

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers from the server's table."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        answers = self.server.answers
        answer = answers.get(self.path) or answers.get(
            self.path.partition("?")[0]
        )
        with contextlib.suppress(OSError):  # the client has had enough
            (answer or status(404))(self)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Print nothing."""

    def say(self, code: int, data: bytes = b"", **headers: str) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class Server(ThreadingHTTPServer):
    """Serves a table of answers by path."""

    daemon_threads = True
    # Handlers that misbehave on purpose are not waited for.
    block_on_close = False

    def __init__(self, context: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        scheme = "http"
        if context is not None:
            scheme = "https"
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.url = f"{scheme}://localhost:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: clients that hang up are part of the tests."""

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@contextlib.contextmanager
def serving(authority: trustme.CA | None = None) -> Iterator[Server]:
    """Server in a thread; without an authority it does not encrypt."""
    context = None
    if authority is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
    server = Server(context)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}
    )
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# ---- answers


def content(data: bytes, **headers: str) -> Answer:
    return lambda handler: handler.say(200, data, **headers)


def status(code: int, **headers: str) -> Answer:
    return lambda handler: handler.say(code, **headers)


def redirect(target: str, code: int = 302) -> Answer:
    return lambda handler: handler.say(code, Location=target)


def in_turn(*answers: Answer) -> Answer:
    """One answer after the other, the last one for ever."""
    left = list(answers)

    def answer(handler: Handler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return answer


def with_etag(data: bytes, etag: str) -> Answer:
    def answer(handler: Handler) -> None:
        if handler.headers.get("If-None-Match") == etag:
            handler.say(304, ETag=etag)
        else:
            handler.say(200, data, ETag=etag)

    return answer


def since(data: bytes, stamp: str) -> Answer:
    def answer(handler: Handler) -> None:
        if handler.headers.get("If-Modified-Since") == stamp:
            handler.say(304)
        else:
            handler.say(200, data, Last_Modified=stamp)

    return answer


def truncated(data: bytes) -> Answer:
    def answer(handler: Handler) -> None:
        handler.say(200, data[:-5], Content_Length=str(len(data)))
        handler.close_connection = True

    return answer


def dripping(data: bytes, seconds: float) -> Answer:
    """A byte at a time, each just soon enough."""

    def answer(handler: Handler) -> None:
        handler.say(200, Content_Length=str(len(data)))
        for byte in data:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(seconds)

    return answer


def dripping_headers(seconds: float) -> Answer:
    """A header that never ends, a byte at a time."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(40):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(seconds)

    return answer


def silent(seconds: float) -> Answer:
    def answer(handler: Handler) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return answer


def hanging_up(handler: Handler) -> None:
    handler.close_connection = True


def garbage(handler: Handler) -> None:
    handler.wfile.write(b"\0\1\2 no HTTP\r\n\r\n")
    handler.close_connection = True


def packed(data: bytes, cut: int | None = None) -> Answer:
    body = gzip.compress(data)[:cut]
    return content(body, Content_Encoding="gzip")

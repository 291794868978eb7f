# SPDX-FileCopyrightText: The Platen authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A platen-server of a test's own, and clients that say exactly what they are told."""
import contextlib
import json
import os
import pathlib
import socket
import ssl
import subprocess
import tempfile
import time

BUILD = pathlib.Path(os.environ["PLATEN_BUILD"])
SERVER = BUILD / "app-server" / "platen-server"
AGENTS = BUILD / "tests" / "agentsim" / "platen-agentsim"
KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455 §1.3


def until(claim, seconds=10):
    end = time.monotonic() + seconds
    while not claim():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


class Server:
    """A running server: `folder` with its data in it, `log`, `ports` in the order of the endpoints, `process`."""

    def __init__(self, folder, *options):
        self.folder, self.log = folder, folder / "server.log"
        ready = folder / "ready"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([SERVER, "run", "--data", folder / "data", "--listen", "127.0.0.1:0", "--ready-file", ready,
                                             *options], stdout=log, stderr=log)
        if not until(lambda: ready.exists() or self.process.poll() is not None) or not ready.exists():
            self.process.kill()
            raise SystemExit("the server does not start: " + self.log.read_text())
        self.ports = [int(url.rsplit(":", 1)[1]) for url in json.loads(ready.read_text())["urls"]]

    def said(self, words):
        return self.log.read_text().count(words)


@contextlib.contextmanager
def server(*options):
    with tempfile.TemporaryDirectory() as folder:
        running = Server(pathlib.Path(folder), *options)
        try:
            yield running
        finally:
            running.process.kill()
            running.process.wait()


def connect(port, encrypted=True, timeout=10):
    plain = socket.create_connection(("127.0.0.1", port), timeout)
    if not encrypted:
        return plain
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(plain)


def request(port, path="/api/v1/openapi.json", encrypted=True, timeout=10):
    """The answer to a GET, head and body."""
    with connect(port, encrypted, timeout) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        with contextlib.suppress(ssl.SSLEOFError, ConnectionResetError):
            while more := line.recv(65536):
                answer += more
        return answer.decode(errors="replace")


def web_socket(port, path):
    line = connect(port)
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                 f"Sec-WebSocket-Key: {KEY}\r\n\r\n".encode())
    head = b""
    while b"\r\n\r\n" not in head:
        head += line.recv(1)
    if not head.startswith(b"HTTP/1.1 101 "):
        raise SystemExit(f"no WebSocket at {path}: {head!r}")
    return line


def next_frame(line):
    """(opcode, payload) of a short frame of the server."""
    head = line.recv(2)
    return head[0] & 15, line.recv(head[1]) if head[1] else b""


def shown(port):
    """The certificate that a client is shown, as DER."""
    with connect(port) as line:
        return line.getpeercert(binary_form=True)

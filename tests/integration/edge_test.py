#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Platen authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""edge_test.py: a server's door as an operator sees it: certificates that change while it runs, everything sent on to https, and an
end that loses nothing and tells clients when to come back."""
import os
import pathlib
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time

from edge import AGENTS, request, server, shown, until, web_socket, next_frame


def check(claim, what):
    if not claim:
        sys.exit(f"edge_test.py: {what}")


def make_certificate(folder):
    """tls.crt and tls.key in `folder`; what is shown of them."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
                    "/CN=localhost", "-keyout", folder / "tls.key.new", "-out", folder / "tls.crt.new"], check=True, capture_output=True)
    for name in ("tls.crt", "tls.key"):
        os.replace(folder / f"{name}.new", folder / name)
    return ssl.PEM_cert_to_DER_cert((folder / "tls.crt").read_text())


def renewed_certificates():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        first = make_certificate(folder)
        with server("--tls-certificate", folder / "tls.crt", "--tls-key", folder / "tls.key") as running:
            port = running.ports[0]
            check(shown(port) == first, "the certificate of --tls-certificate is not shown")
            before = web_socket(port, "/api/v1/socket")
            second = make_certificate(folder)
            running.process.send_signal(signal.SIGHUP)
            check(until(lambda: shown(port) == second), "SIGHUP does not take the new certificate")
            (folder / "tls.crt").write_text("nonsense")
            running.process.send_signal(signal.SIGHUP)
            check(until(lambda: running.said("the former one stays") == 1), "a broken certificate is not told of")
            check(shown(port) == second, "a broken certificate puts the former one out of use")
            third = make_certificate(folder)
            check(until(lambda: shown(port) == third, 20), "a changed file is not noticed")
            check(running.said("the former one stays") == 1, "a broken certificate is told of more than once")
            before.sendall(bytes([0x89, 0x80, 0, 0, 0, 0]))
            check(next_frame(before)[0] == 10, "an open connection does not survive a new certificate")


def everything_to_https():
    with server("--listen-plain", "127.0.0.1:0", "--force-https") as running:
        tls, plain = running.ports
        answer = request(plain, "/api/v1/openapi.json?x=1", encrypted=False)
        check(answer.startswith("HTTP/1.1 308 "), f"plain HTTP is not sent on: {answer}")
        check(f"\r\nLocation: https://localhost:{tls}/api/v1/openapi.json?x=1\r\n" in answer, f"sent on to the wrong place: {answer}")
        answer = request(tls)
        check(answer.startswith("HTTP/1.1 200 ") and "\r\nStrict-Transport-Security: max-age=31536000\r\n" in answer, f"no HSTS: {answer[:500]}")


def graceful_end():
    with server("--most-per-address", "5000") as running:
        port, agents = running.ports[0], 60
        subprocess.run([AGENTS, "enrol", "--data", running.folder / "data", "--count", str(agents), "--keys", running.folder / "keys"], check=True)
        crowd = subprocess.Popen([AGENTS, "run", "--port", str(port), "--kind", "platen", "--count", str(agents), "--keys", running.folder / "keys"],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def ask(line):
            crowd.stdin.write(line + "\n")
            crowd.stdin.flush()

        ask("gather")
        check(crowd.stdout.readline().startswith("ok"), "the agents do not get in")
        console = web_socket(port, "/api/v1/socket")
        ask("submit 300 3")
        time.sleep(1.5)
        running.process.terminate()
        opcode, payload = next_frame(console)
        check(opcode == 8 and payload[:2] == b"\x03\xe9" and b"retry in" in payload, f"a console is not told to come back: {opcode} {payload!r}")
        check(running.process.wait(10) == 0, "SIGTERM does not end the server well")
        said = crowd.stdout.readline().split()
        acknowledged = int(said[1].split("=")[1])
        crowd.stdin.close()
        crowd.wait(10)
        stored = sqlite3.connect(running.folder / "data" / "platen.sqlite").execute("SELECT sum(hwm) FROM agent").fetchone()[0]
        print(f"{stored} submissions stored and {acknowledged} acknowledged when SIGTERM came amid 300 a second")
        check(acknowledged > 100, f"hardly anything was submitted: {said}")
        check(stored == acknowledged, f"{stored} submissions stored, but {acknowledged} acknowledged")


renewed_certificates()
everything_to_https()
graceful_end()

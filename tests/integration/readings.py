# SPDX-FileCopyrightText: The Platen authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of whole programs know about readings: how to take them from a simulated fleet, and how two of them differ."""
import contextlib
import json
import os
import pathlib
import resource
import subprocess
import tempfile
import time

build = pathlib.Path(os.environ["PLATEN_BUILD"])


def differences(path, want, got):
    """Every place where `got` does not hold what `want` asks; rows of lists are matched by index, or name and marker."""
    if isinstance(want, dict):
        for key, value in want.items():
            yield from differences(f"{path}.{key}", value, (got or {}).get(key))
    elif isinstance(want, list) and want and isinstance(want[0], dict):
        def key(row):
            return row.get("index") or (row.get("name"), row.get("marker"))
        rows = {key(row): row for row in got or []}
        for row in want:
            match = rows.get(key(row)) or next((r for r in got or [] if r.get("name") == row.get("name") and "index" not in row), None)
            yield from differences(f"{path}[{key(row)}]", row, match)
        if len(want) != len(got or []) and not path.endswith(".meters"):  # more meters than the recording's author was sure of are fine
            yield f"{path}: {len(got or [])} rows, {len(want)} wanted"
    elif isinstance(want, float) or isinstance(got, float):
        if got is None or want is None or abs(want - got) > 0.05:
            yield f"{path}: {got!r}, {want!r} wanted"
    elif want != got:
        yield f"{path}: {got!r}, {want!r} wanted"


@contextlib.contextmanager
def fleet(folder, net, port, *options):
    """A simulated fleet, from 1 upwards in `net` ("127.0.6"); gives the names of its recordings by address."""
    with tempfile.TemporaryDirectory(prefix="platen-fleet-") as work:
        hosts = pathlib.Path(work) / "hosts.tsv"
        program = [build / "tests/fleetsim/platen-fleetsim", "serve", folder, "--net", f"{net}.0/24", "--port", str(port), "--map", hosts, *options]
        served = subprocess.Popen(program, stdout=subprocess.DEVNULL)
        try:
            for _ in range(100):
                if hosts.exists() or served.poll() is not None:
                    break
                time.sleep(0.1)
            yield dict(line.split("\t") for line in hosts.read_text().splitlines())
        finally:
            served.terminate()
            served.wait()


def collect(net, port, *options):
    """Reads a whole /24 by command line: readings by address, how long it took (s), the exit code, what it said."""
    start = time.monotonic()
    done = subprocess.run([build / "app-agent/platen-agent", "collect", "--range", f"{net}.0/24", "--port", str(port), "--json", *options],
                          capture_output=True, text=True)
    took = time.monotonic() - start
    return {reading["address"]: reading for reading in json.loads(done.stdout or "[]")}, took, done.returncode, done.stderr


def largest_child():
    """MiB of the largest program that was run so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024

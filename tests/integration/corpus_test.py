#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Platen authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""corpus_test.py CHECKOUT: reads the recordings of real printers beside the checkout through simulator and agent, and lets the
corpus' own check judge: nothing may be wrong, at least 90 % right, and no device that is not a printer reported."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

top = pathlib.Path(sys.argv[1])
build = pathlib.Path(os.environ["PLATEN_BUILD"])
corpus = top.parent / "shared" / "corpus"
if not corpus.is_dir():
    print("skipped: there are no recordings of real printers beside the checkout (../shared/corpus)")
    sys.exit(77)


def read(folder, net, port):
    """hosts.tsv and readings.json of one folder of recordings."""
    work = pathlib.Path(tempfile.mkdtemp(prefix="platen-corpus-"))
    hosts, readings = work / "hosts.tsv", work / "readings.json"
    fleet = subprocess.Popen([build / "tests/fleetsim/platen-fleetsim", "serve", folder, "--net", f"{net}.0/24", "--port", str(port), "--map", hosts],
                             stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            if hosts.exists():
                break
            time.sleep(0.1)
        count = len(hosts.read_text().splitlines())
        with open(readings, "w") as out:
            subprocess.run([build / "app-agent/platen-agent", "collect", "--range", f"{net}.1-{net}.{count}", "--port", str(port), "--json"],
                           stdout=out, check=False)
    finally:
        fleet.terminate()
        fleet.wait()
    return hosts, readings


hosts, readings = read(corpus / "dev", "127.0.4", 11640)
check = subprocess.run([sys.executable, corpus / "check.py", corpus / "dev", hosts, readings], capture_output=True, text=True)
print(check.stdout[-6000:])
total = re.search(r"^all\s+(\d+)\s+(\d+)\s+(\d+)\s+right ([\d.]+) %", check.stdout, re.M)
problems = []
if not total or int(total[2]) > 0:
    problems.append("values are wrong")
if not total or float(total[4]) < 90:
    problems.append("less than 90 % are right")
hosts, readings = read(corpus / "negative", "127.0.5", 11641)
reported = json.loads(readings.read_text() or "[]")
if reported:
    problems.append("not printers, but reported: " + ", ".join(reading["address"] for reading in reported))
sys.exit("; ".join(problems) or 0)

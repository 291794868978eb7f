#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Platen authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""demo_test.py CHECKOUT: runs the demo twice on one folder and compares every value with what the recordings are known to hold."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from readings import differences

top = pathlib.Path(sys.argv[1])
walks = top / "tests" / "fixtures" / "walks"


def demo(folder):
    done = subprocess.run([sys.executable, str(top / "resources/toolbox/demo.py"), "--headless", "--once", "--json", "--data", folder], capture_output=True,
                          text=True, env=os.environ | {"PLATEN_PRESET": pathlib.Path(os.environ["PLATEN_BUILD"]).name})
    if done.returncode != 0:
        sys.exit(f"the demo failed:\n{done.stderr}")
    return {reading["address"]: reading for reading in json.loads(done.stdout)}, done.stderr


with tempfile.TemporaryDirectory() as folder:
    readings, _ = demo(folder)
    again, said = demo(folder)
assert "Activating" not in said, f"a second demo on the same folder goes on with its agent:\n{said}"
assert again == readings, "nothing has changed at the printers, so a second demo shows the same"
recordings = sorted(walks.glob("*.snmprec"))
assert len(recordings) >= 14, "at least 14 recordings are shipped"
wrong = []
for number, recording in enumerate(recordings, 1):
    address = f"127.0.2.{number}"
    expected = json.loads(recording.with_suffix(".expected.json").read_text())
    expected.pop("address", None)
    expected.pop("takenAt", None)
    for supply in expected.get("supplies", []):
        supply.get("level", {}).pop("source", None)  # the agent's own knowledge, not sent
    wrong += list(differences(recording.stem, expected, readings.get(address)))
print("\n".join(wrong) or f"{len(recordings)} devices, every value equals the recording's")
sys.exit(1 if wrong else 0)

#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Platen authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""hostile_test.py CHECKOUT: scans a /24 of correct printers, and then the same with ten hostile or broken ones among them, twice.
Those scans take at most twice as long (and what other ways than SNMP are waited for at the end), every correct printer reads as before, and what the others say is never taken for something
else. Ten is what the issue of collection asks for; two times ten hold every fault that the simulator knows."""
import pathlib
import re
import socket
import sys

from readings import build, collect, differences, fleet, largest_child

walks = pathlib.Path(sys.argv[1]) / "tests" / "fixtures" / "walks"
NET, PORT, PRINTERS = "127.0.6", 11650, 200
ROUNDS = [
    ["endless-walk", "backwards", "huge-strings", "wrong-types", "wrong-request-id", "wrong-address", "late", "half-lost", "too-big", "truncated"],
    ["duplicates", "wrong-port", "report-loop", "tar-pit", "gzip-bomb", "metadata-redirect", "half-lost", "endless-walk", "late", "huge-strings"],
]
SILENT = {"wrong-request-id", "wrong-port", "wrong-address", "late", "report-loop", "too-big", "truncated"}  # may well not be found
HTTP = {"tar-pit", "gzip-bomb", "metadata-redirect"}
NEEDY = "canon-lbp228x-vendor-objects"  # says so little by SNMP that it is asked by IPP, too
SEED = "6"  # of what is lost: luck in between, the device that loses half is found and asked again at most four times in a row
WAITED = 2.5  # seconds that other ways than SNMP are waited for when all else is done, however short the scan is
LARGEST = 200  # MiB; a scan of correct printers alone takes well below 100


def untruths(mode, reading, correct):
    """Values of a device that misbehaves that are neither missing nor what the same device says when it behaves."""
    def walk(path, got, want):
        if got is None or got == want or (path.endswith("takenAt") or path == ".sources"):
            return
        if isinstance(got, dict) and isinstance(want, dict):
            for key, value in got.items():
                yield from walk(f"{path}.{key}", value, want.get(key))
        elif isinstance(got, list) and isinstance(want or [], list):
            if got and isinstance(got[0], dict):
                rows = {(row.get("index"), row.get("name") if "index" not in row else None, row.get("marker")): row for row in want or []}
                for row in got:
                    key = (row.get("index"), row.get("name") if "index" not in row else None, row.get("marker"))
                    if key in rows:
                        yield from walk(f"{path}[{key}]", row, rows[key])
                    elif mode != "endless-walk":  # which does say that it has more rows
                        yield f"{path}: a row {row} that it does not have"
            elif [line for line in got if line not in (want or [])] and mode not in ("endless-walk", "huge-strings"):
                yield f"{path}: {got!r} instead of {want!r}"
        elif mode == "huge-strings" and isinstance(got, str) and isinstance(want, str) and got.lower().startswith(want.lower().rstrip("-")):
            return  # its own text, and then more of it
        elif got not in ("unknown", "none", "some", "other", "generic", "vendor", "printer"):  # words for: not known, or not how much
            yield f"{path}: {got!r} instead of {want!r}"
    return list(walk("", reading, correct))


def ipp_port():
    """631 where we may listen on it (the agent asks for IPP there), else one where the traps stand in vain."""
    with socket.socket() as probe:
        try:
            probe.bind((f"{NET}.1", 631))
            return 631
        except OSError as error:
            print(f"the traps of HTTP and IPP are not tried: port 631 is not ours ({error.strerror})")
            return 8631


problems = []
port = ipp_port()
with fleet(walks, NET, PORT, "--count", str(PRINTERS)) as names:
    correct, normal, code, said = collect(NET, PORT)
if len(correct) != PRINTERS:
    sys.exit(f"only {len(correct)} of {PRINTERS} correct printers were read: {said}")
if normal > 30:
    print(f"the machine is slow today: {normal:.1f} s for a normal scan")

for modes in ROUNDS:
    needy = iter(address for address, name in names.items() if name == NEEDY)
    hostile = {next(needy) if mode in HTTP else f"{NET}.{10 + 17 * place}": mode for place, mode in enumerate(modes)}
    faults = [word for address, mode in hostile.items() for word in ("--fault", f"{mode}={address}")]
    with fleet(walks, NET, PORT, "--count", str(PRINTERS), "--seed", SEED, "--http-port", str(port), *faults):
        readings, took, code, said = collect(NET, PORT)
    print(f"normal {normal:.2f} s, with {', '.join(modes)}: {took:.2f} s, ratio {took / normal:.2f}; {len(readings)} readings, exit code {code}")
    if took > 2 * normal + WAITED:
        problems.append(f"took {took / normal:.2f} times as long")
    if code < 0:
        problems.append(f"the agent crashed (signal {-code}): {said}")
    for address, reading in correct.items():
        got = readings.get(address)
        if address in hostile:
            mode = hostile[address]
            print(f"  {mode:18} {'read' if got else 'not read'}")
            if not got and mode not in SILENT | {"half-lost", "huge-strings", "wrong-types", "backwards"}:
                problems.append(f"{mode}: not read at all")
            problems += [f"{mode}{untruth}"[:300] for untruth in untruths(mode, got or {}, reading)][:8]
        else:
            problems += [f"{address} {difference}"[:300] for difference in differences("", reading, got) if not re.match(r"\.takenAt", difference)][:4]
    problems += [f"{address} is nobody, but was read" for address in readings if address not in correct]
if largest_child() > LARGEST and build.name != "asan":  # which keeps what is freed
    problems.append(f"a program took {largest_child():.0f} MiB")
print(f"largest program: {largest_child():.0f} MiB")
sys.exit("\n".join(problems) or 0)

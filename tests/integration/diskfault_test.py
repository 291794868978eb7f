#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Platen authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""diskfault_test.py CHECKOUT agent|server: writes, syncs, renames and removals of a submission fail, one by one or all from one on, with EIO
and ENOSPC, spread evenly over all that it makes (PLATEN_FAULTS, 16 by default). The program neither crashes nor acknowledges what it has
not stored, its database stays whole, and once the disk works again everything arrives."""
import os
import signal
import sys
import time

from site_under_fire import Site, calls_of, failing_at, spread

FAULTS = int(os.environ.get("PLATEN_FAULTS", "16"))
CALLS = {"write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink", "unlinkat", "ftruncate", "fallocate",
         "mkdir", "linkat"}
SECONDS = 60.0  # until it works again


def recorded(site, name):
    log = site.folder / f"{name}.calls"
    faults = ["strace", "-f", "-qq", "-y", "-o", str(log), "-e", "trace=" + ",".join(sorted(CALLS))]
    if name == "agent":
        assert site.once(faults=faults, deadline=20) == 0, site.tail()
    else:
        site.stop_server()
        assert site.start_server(faults=faults), site.tail()
        assert site.once(deadline=20) == 0, site.tail()
        site.stop_server()
        assert site.start_server(), site.tail()
    return calls_of(log, "", site.agent_data if name == "agent" else site.server_data)


def crashed(code):
    return code is not None and (code < 0 and code not in (-9, -15) or code in (134, 139))


def hit(log, folder):
    """True when files of the program's folder were refused and nothing else: `write` also wakes threads and speaks to peers, which no disk
    refuses, and each thread counts for itself."""
    refused = [line for line in log.read_text(errors="replace").splitlines() if "INJECTED" in line]
    return bool(refused) and all(str(folder) in line for line in refused)


def fail_agent(site, log, *fault):
    code = site.once(faults=failing_at(log, *fault), deadline=2, seconds=15)
    return code, hit(log, site.agent_data)


def fail_server(site, log, *fault):
    site.stop_server()
    try:
        if site.start_server(faults=failing_at(log, *fault), seconds=8):
            site.once(deadline=2, seconds=15)
        site.stop_server()
    except AssertionError:  # it hangs; whether that is our fault shows in the log
        site.stop_server(signal.SIGKILL)
    return site.server.returncode, hit(log, site.server_data)


def back(site, name):
    begin = time.monotonic()
    if name == "server":
        assert site.start_server(), site.tail()
    code = site.once(deadline=50)
    return time.monotonic() - begin, [] if code == 0 else [f"afterwards nothing is delivered ({code})"]


def main(checkout, name):
    with Site(checkout) as site:
        site.start_fleet()
        assert site.start_server(), site.tail()
        site.activate(statusInterval="1s")
        assert site.once(deadline=20) == 0, site.tail()
        points = recorded(site, name)
        faults = [(call, error, f"{nth}{lasting}") for call, nth in points for error in ("EIO", "ENOSPC") for lasting in ("", "+")
                  if call != "write" or not lasting]
        chosen = spread(faults, FAULTS)
        slowest, hits = 0.0, 0
        log = site.folder / "faults"
        for number, fault in enumerate(chosen, 1):
            code, was_hit = (fail_agent if name == "agent" else fail_server)(site, log, *fault)
            hits += was_hit
            problems = [f"the {name} crashed: {code}"] if was_hit and crashed(code) else []
            problems += [f"the {name} hung"] if was_hit and code == -signal.SIGKILL else []
            took, more = back(site, name)
            slowest = max(slowest, took)
            problems += more + site.problems()
            assert not problems, f"{fault}: {problems}\n{site.tail()}"
            if number % 25 == 0:
                print(f"{number} of {len(chosen)}, {hits} on its own files, back in {slowest:.1f} s at the most", flush=True)
        hwm = site.server_rows("SELECT hwm FROM agent")[0][0]
        print(f"{name}: {len(chosen)} of {len(faults)} faults at {len(points)} different writes, syncs, renames and removals, {hits} of them on its own "
              f"files; {hwm} envelopes, none lost, none doubled; back in {slowest:.1f} s at the most")
        assert hits >= len(chosen) // 3, "too few hit a file"
        assert slowest <= SECONDS, f"it took {slowest:.1f} s to come back"


main(*sys.argv[1:])

#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Platen authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""fulldisk_test.py CHECKOUT agent|server: the disk of one of them, a small tmpfs in a mount namespace, fills up to the last byte while they
work, and the program is killed and started again on it. Nothing is acknowledged that is not stored, the databases stay whole, the operator is
told, and within 60 seconds after there is room all goes on."""
import json
import os
import signal
import subprocess
import sys
import time

SKIPPED = 77
if "PLATEN_FULLDISK_INSIDE" not in os.environ:
    for unshare in (["unshare", "-m"], ["unshare", "-Urm"]):
        if subprocess.run([*unshare, "sh", "-c", "d=$(mktemp -d) && mount -t tmpfs -o size=1m none $d && umount $d"], capture_output=True, check=False).returncode == 0:
            os.environ["PLATEN_FULLDISK_INSIDE"] = "1"
            os.execvp(unshare[0], [*unshare, sys.executable, *sys.argv])
    print("skipped: this system lets nobody mount here (unshare -m)")
    sys.exit(SKIPPED)

from site_under_fire import Site, program  # noqa: E402 (it wants the environment of the test)

SECONDS = 60.0


def fill(folder):
    """To the last byte."""
    with open(folder / "ballast", "ab", buffering=0) as ballast:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    ballast.write(bytes(size))
            except OSError:
                pass


def acknowledged(site):
    return site.agent_rows("SELECT acknowledged_seq FROM progress")[0][0]


def stored(site):
    return site.server_rows("SELECT hwm FROM agent WHERE status = 'ACTIVE'")[0][0]


def status(site, *options):
    return subprocess.run(program("platen-agent", "status", "--data", site.agent_data, *options), capture_output=True, text=True, check=True).stdout


def fill_agent(site):
    fill(site.agent_data)
    time.sleep(4)
    assert site.agent.poll() is None, f"the agent ended on a full disk: {site.tail()}"
    said = status(site)
    assert "make room" in said, f"status does not tell of the full disk:\n{said}"
    site.stop_server()  # now nothing leaves, and the spool takes what there is
    time.sleep(4)
    site.stop(site.agent, signal.SIGKILL)
    fill(site.agent_data)
    site.start_agent()
    time.sleep(3)
    assert site.start_server(), site.tail()
    if site.agent.poll() is not None:  # it may say that it cannot begin; whoever supervises it starts it again
        said = (site.folder / "agent.log").read_text(errors="replace").splitlines()[-1]
        assert "platen-agent: " in said, f"it ended without a word: {said}"


def fill_server(site):
    fill(site.server_data)
    time.sleep(4)
    assert site.server.poll() is None, f"the server ended on a full disk: {site.tail()}"
    problems = [problem for problem in (f"acknowledged {acknowledged(site)}, stored {stored(site)}",) if acknowledged(site) > stored(site)]
    assert not problems, problems
    assert "busy" in (json.loads(status(site, "--json"))["reason"] or ""), status(site)
    site.stop(site.server, signal.SIGKILL)
    fill(site.server_data)
    if not site.start_server():
        said = (site.folder / "server.log").read_text(errors="replace").splitlines()[-1]
        assert "platen-server: " in said, f"it ended without a word: {said}"
    time.sleep(2)


def main(checkout, name):
    with Site(checkout) as site:
        victim = site.agent_data if name == "agent" else site.server_data
        victim.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m,mode=700", "none", victim], check=True)
        site.start_fleet()
        assert site.start_server(), site.tail()
        site.activate(statusInterval="1s")
        site.start_agent()
        site.until(lambda: site.agent_rows("SELECT 1 FROM progress WHERE acknowledged_seq > 2"), f"nothing arrives: {site.tail()}")

        (fill_agent if name == "agent" else fill_server)(site)

        before = stored(site)
        (victim / "ballast").unlink()
        begin = time.monotonic()
        if name == "server" and site.server.poll() is not None:
            assert site.start_server(), site.tail()
        if site.agent.poll() is not None:
            site.start_agent()
        site.until(lambda: stored(site) > before and acknowledged(site) > before, f"it does not go on: {status(site)}\n{site.tail()}", SECONDS)
        took = time.monotonic() - begin
        report = json.loads(status(site, "--json"))
        site.stop(site.agent)
        code = site.once(deadline=30)
        assert code == 0, site.tail()
        site.stop_server()
        problems = site.problems()
        assert not problems, f"{problems}\n{site.tail()}"
        print(f"{name}: its disk was full, it was killed on it, and went on {took:.1f} s after there was room; {stored(site)} envelopes, none lost, "
              f"none doubled; {report['refusedEnvelopes']} kept back for a later round")


main(*sys.argv[1:])

#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Platen authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""dnssd_test.py: finds Debian's ippeveprinter as Avahi announces it, in a network namespace of its own."""
import os
import pathlib
import subprocess
import sys
import time

SKIPPED = 77

if "PLATEN_DNSSD_INSIDE" not in os.environ:
    for unshare in (["unshare", "-nm"], ["unshare", "-Urnm"]):
        if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode == 0:
            os.environ["PLATEN_DNSSD_INSIDE"] = "1"
            os.execvp(unshare[0], [*unshare, sys.executable, *sys.argv])
    print("skipped: this system lets nobody make a network namespace here (unshare -n)")
    sys.exit(SKIPPED)

ADDRESS = "10.77.0.2"
FOLDER = pathlib.Path("/run/printer")
BUS = f"""<busconfig><type>custom</type><listen>unix:path={FOLDER}/bus</listen><policy context="default">
<allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>"""
AVAHI = "[server]\nhost-name=acme\nuse-ipv6=no\nallow-interfaces=here\n"


def run(*words):
    subprocess.run(words, check=True)


def add(path, line):
    """Adds a line to a file of the system, for this namespace only."""
    copy = FOLDER / path.replace("/", "-")
    copy.write_text(pathlib.Path(path).read_text() + line + "\n")
    run("mount", "--bind", copy, path)


run("mount", "--make-rprivate", "/")
run("mount", "-t", "tmpfs", "tmpfs", "/run")
FOLDER.mkdir()
add("/etc/passwd", "avahi:x:0:0::/run:/bin/sh")
add("/etc/group", "avahi:x:0:")
add("/etc/hosts", f"{ADDRESS} acme.local\n::1 acme.local")
run("ip", "link", "set", "lo", "up")
run("ip", "link", "add", "here", "type", "veth", "peer", "name", "there")
run("ip", "address", "add", f"{ADDRESS}/24", "dev", "here")
for link in ("here", "there"):
    run("ip", "link", "set", link, "up")

(FOLDER / "bus.conf").write_text(BUS)
(FOLDER / "avahi.conf").write_text(AVAHI)
os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={FOLDER}/bus"
log = open(FOLDER / "log", "w+")
peers = []


def start(*words):
    peers.append(subprocess.Popen(words, stdout=log, stderr=log))


def wait_for(claim, what):
    end = time.monotonic() + 20
    while not claim():
        if time.monotonic() > end:
            log.seek(0)
            sys.exit(f"{what}: {log.read()}")
        time.sleep(0.05)


try:
    start("dbus-daemon", "--nofork", "--nopidfile", f"--config-file={FOLDER}/bus.conf")
    wait_for((FOLDER / "bus").exists, "no message bus")
    start("avahi-daemon", "-f", f"{FOLDER}/avahi.conf", "--no-drop-root", "--no-chroot", "--no-rlimits")
    wait_for(lambda: "startup complete" in (FOLDER / "log").read_text(), "no Avahi")
    start("ippeveprinter", "-v", "-n", "acme.local", "-p", "8631", "-K", FOLDER, "-d", FOLDER, "-M", "HP", "-m", "LaserJet Test", "Flur (Süd)")
    wait_for(lambda: "printer-uuid" in (FOLDER / "log").read_text(), "no printer")
    os.environ["PLATEN_DNSSD_PRINTER"] = ADDRESS
    program = pathlib.Path(os.environ["PLATEN_BUILD"], "tests/unit/dnssd_tests")
    sys.exit(subprocess.run([program, "BrowserTest", "findsWhatAvahiAnnounces"], check=False).returncode)
finally:
    for peer in reversed(peers):
        peer.terminate()
        peer.wait()

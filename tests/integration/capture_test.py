#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Platen authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""capture_test.py CHECKOUT: a whole discovery in a network namespace, every extra look switched on, with every frame captured.
Nothing that it sends to a port where printers take print jobs (TCP 9100 to 9109 and 515) may carry a byte: what a printer hears
there, it prints."""
import os
import pathlib
import socket
import struct
import subprocess
import sys
import threading
import time

JOB_PORTS = {515, *range(9100, 9110)}
NET, SNMP_PORT = "127.0.6", 1161
SKIPPED = 77

if "PLATEN_CAPTURE_INSIDE" not in os.environ:
    for unshare in (["unshare", "-n"], ["unshare", "-Urn"]):
        if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode == 0:
            os.environ["PLATEN_CAPTURE_INSIDE"] = "1"
            os.execvp(unshare[0], [*unshare, sys.executable, *sys.argv])
    print("skipped: this system lets nobody make a network namespace here (unshare -n)")
    sys.exit(SKIPPED)

from readings import build, fleet  # noqa: E402 (it wants the environment of the test)

subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
try:
    pathlib.Path("/proc/sys/net/ipv4/ping_group_range").write_text("0 0")
except OSError:
    print("echoes cannot be permitted here: they are not part of this run")


class Capture:
    """What went over the namespace's links: connections begun and bytes carried, by protocol and destination port."""
    def __init__(self):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))  # ETH_P_ALL
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)  # SO_RCVBUFFORCE
        self.begun, self.carried, self.echoes, self.frames = {}, {}, 0, 0
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            frame, (_, ethertype, kind, *_) = self.socket.recvfrom(65536)
            if kind != socket.PACKET_OUTGOING:  # loopback shows every frame twice
                continue
            self.frames += 1
            if ethertype == 0x0800:
                packet = frame[14:14 + struct.unpack_from(">H", frame, 16)[0]]
                self.transport(packet[9], packet[(packet[0] & 15) * 4:])
            elif ethertype == 0x86dd:
                self.transport(frame[20], frame[54:54 + struct.unpack_from(">H", frame, 18)[0]])

    def transport(self, protocol, segment):
        if protocol in (1, 58):
            self.echoes += segment[0] in (8, 128)
        if protocol not in (6, 17):
            return
        port = struct.unpack_from(">H", segment, 2)[0]
        header = (segment[12] >> 4) * 4 if protocol == 6 else 8
        self.carried[protocol, port] = self.carried.get((protocol, port), 0) + len(segment) - header
        if protocol == 6 and segment[13] & 0x12 == 0x02:  # SYN without ACK
            self.begun[port] = self.begun.get(port, 0) + 1

    def settled(self):
        """Once nothing more comes in; fails when frames were lost on the way to us."""
        last = -1
        while last != self.frames:
            last = self.frames
            time.sleep(0.3)
        dropped = struct.unpack("II", self.socket.getsockopt(263, 6, 8))[1]  # SOL_PACKET, PACKET_STATISTICS
        if dropped:
            sys.exit(f"the capture lost {dropped} frames: this run proves nothing")


def listen(port):
    """Takes print jobs at every address, as a printer does, and reads whatever comes."""
    server = socket.create_server(("0.0.0.0", port), backlog=512)

    def serve():
        while True:
            connection, _ = server.accept()
            threading.Thread(target=lambda: connection.recv(1 << 16) and None, daemon=True).start()
    threading.Thread(target=serve, daemon=True).start()


capture = Capture()
for job_port in JOB_PORTS:
    listen(job_port)

# That the capture would see a print job.
with socket.create_connection((f"{NET}.9", 9100)) as job:
    job.sendall(b"a print job")
capture.settled()
if capture.carried.get((6, 9100)) != len(b"a print job") or capture.begun.get(9100) != 1:
    sys.exit(f"the capture does not see a print job that was sent: {capture.carried}")
capture.carried.clear()
capture.begun.clear()

walks = pathlib.Path(sys.argv[1]) / "tests" / "fixtures" / "walks"
agent = build / "app-agent/platen-agent"
extra = ["--hints"] if "--hints" in subprocess.run([agent, "collect", "--help"], capture_output=True, text=True, check=True).stdout else []
with fleet(walks, NET, SNMP_PORT) as names:
    where = f"{NET}.0/24"
    collected = subprocess.run([agent, "collect", "--range", where, "--port", str(SNMP_PORT), "--json", *extra], capture_output=True, text=True, check=False)
    searched = subprocess.run([build / "tests/bench/platen-sweeponce", where, "--port", str(SNMP_PORT), "--hints"], capture_output=True, text=True, check=False)
capture.settled()

problems = []
if collected.returncode or collected.stdout.count('"takenAt"') != len(names):
    problems.append(f"not every printer was read: {collected.stderr}")
if searched.returncode or searched.stdout.count("accepts jobs") != 254 - len(names):
    problems.append(f"not every sign of life was seen: {searched.stderr}")
if capture.begun.get(9100, 0) < 254 - len(names) or not capture.carried.get((17, SNMP_PORT)):
    problems.append(f"the discovery is not in the capture: {capture.begun} {capture.carried}")
for protocol, port in capture.carried:
    if port in JOB_PORTS and capture.carried[protocol, port]:
        problems.append(f"{capture.carried[protocol, port]} bytes were sent to port {port}")
print(f"{capture.frames} frames; {len(names)} printers read; {capture.begun.get(9100, 0)} connections to port 9100, {capture.echoes} echoes; bytes sent to job ports: "
      f"{sum(size for (_, port), size in capture.carried.items() if port in JOB_PORTS)}")
sys.exit("\n".join(problems) or 0)

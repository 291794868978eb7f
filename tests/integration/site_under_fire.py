# SPDX-FileCopyrightText: The Platen authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server, a simulated fleet and an agent on loopback, and strace around one of them: it kills the program at a system call or lets the
call fail. What both sides hold is compared by their databases."""
import collections
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

build = pathlib.Path(os.environ["PLATEN_BUILD"])
PROGRAMS = {name: build / folder / name for name, folder in
            (("platen-server", "app-server"), ("platen-agent", "app-agent"), ("platen-fleetsim", "tests/fleetsim"))}


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program(name, *arguments, faults=()):
    """The command line of a program of ours; under strace when `faults` says so."""
    return [*faults, str(PROGRAMS[name]), *map(str, arguments)]


def killed_at(call, nth):
    """strace that kills the program as it enters the nth `call` of a thread."""
    return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={nth}"]


def failing_at(log, call, error, when):
    """strace that lets a thread's `call` number `when` ("3"; "3+" from then on) fail, and notes in `log` on which file."""
    return ["strace", "-f", "-qq", "-y", "--seccomp-bpf", "-o", str(log), "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}"]


def calls_of(log, since, on=""):
    """(call, nth of a thread) of a strace log, each once, in order: those after the text `since` that name `on`."""
    counts, found, order = collections.defaultdict(collections.Counter), set(), []
    begun = False
    for line in pathlib.Path(log).read_text(errors="replace").splitlines():
        begun = begun or since in line
        match = re.match(r"(\d+) +([a-z_0-9]+)\(", line)
        if not match:
            continue
        thread, call = match.groups()
        counts[thread][call] += 1
        point = (call, counts[thread][call])
        if begun and str(on) in line and point not in found and call not in ("exit", "exit_group", "rt_sigreturn"):
            found.add(point)
            order.append(point)
    return order


def spread(points, count):
    """`count` of the points, evenly over all of them; every one when there are no more."""
    if len(points) <= count:
        return points
    return [points[index * len(points) // count] for index in range(count)]


class Site:
    def __init__(self, checkout, printers=3, agent_data=None, server_data=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="platen-site-"))
        self.server_data = pathlib.Path(server_data or self.folder / "server")
        self.agent_data = pathlib.Path(agent_data or self.folder / "agent")
        self.checkout, self.printers = pathlib.Path(checkout), printers
        self.port, self.snmp = free_port(), free_port(socket.SOCK_DGRAM)
        self.net = "127.0.9"
        self.server = self.fleet = self.agent = None
        os.environ["XDG_CONFIG_HOME"] = str(self.folder / "config")  # where the agent's wrapping key goes

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in (self.agent, self.server, self.fleet):
            self.stop(process)
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def stop(process, how=signal.SIGTERM):
        """Ends a program, and whatever strace runs for it: each is the leader of a group of its own."""
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def log(self, name):
        return open(self.folder / f"{name}.log", "ab")

    def start(self, name, command, **more):
        with self.log(name) as log:
            return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **more)

    def start_fleet(self, drift=True):
        hosts = self.folder / "hosts.tsv"
        drifting = ["--drift", "0.2", "--steps", "1000000"] if drift else []
        self.fleet = self.start("fleet", program("platen-fleetsim", "serve", self.checkout / "tests/fixtures/walks", "--net", f"{self.net}.0/24",
                                                 "--port", self.snmp, "--count", self.printers, "--map", hosts, *drifting))
        self.until(hosts.exists, "the fleet does not come up")

    def start_server(self, faults=(), seconds=30):
        """False when it ended before it listened."""
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        self.server = self.start("server", program("platen-server", "run", "--data", self.server_data, "--listen", f"127.0.0.1:{self.port}",
                                                   "--ready-file", ready, faults=faults))
        self.until(lambda: ready.exists() or self.server.poll() is not None, "the server does not come up", seconds)
        return ready.exists()

    def stop_server(self, how=signal.SIGTERM):
        self.stop(self.server, how)

    def activate(self, **settings):
        self.agent_data.mkdir(parents=True, exist_ok=True)
        self.settings(**settings)
        made = subprocess.run(program("platen-server", "pin", "create", "--json", "--data", self.server_data), capture_output=True, check=True)
        subprocess.run(program("platen-agent", "activate", "--data", self.agent_data, "--server", f"https://127.0.0.1:{self.port}",
                               "--pin", json.loads(made.stdout)["pin"]), check=True, stdout=subprocess.DEVNULL)

    def settings(self, **settings):
        text = {"ranges": [f"{self.net}.1-{self.net}.{self.printers}"], "port": self.snmp, "ipp": False, "pages": False} | settings
        path = self.agent_data / "agent.json"
        path.write_text(json.dumps(text))
        path.chmod(0o600)

    def once(self, faults=(), deadline=5, seconds=60):
        """One round of the agent, delivered; its exit code (negative: a signal)."""
        agent = self.start("agent", program("platen-agent", "collect", "--once", "--data", self.agent_data, "--deadline", deadline, faults=faults))
        self.agent = agent
        try:
            return agent.wait(seconds)
        except subprocess.TimeoutExpired:
            self.stop(agent, signal.SIGKILL)
            return -signal.SIGKILL
        finally:
            self.agent = None

    def start_agent(self, faults=()):
        self.agent = self.start("agent", program("platen-agent", "run", "--data", self.agent_data, faults=faults))

    @staticmethod
    def until(claim, otherwise, seconds=30.0):
        end = time.monotonic() + seconds
        while not claim():
            if time.monotonic() > end:
                raise AssertionError(otherwise)
            time.sleep(0.01)

    @staticmethod
    def rows(path, sql):
        if not path.exists():
            return []
        with contextlib.closing(sqlite3.connect(path, timeout=10)) as db:
            try:
                return db.execute(sql).fetchall()
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):  # it is not made yet
                    return []
                raise

    def server_rows(self, sql):
        return self.rows(self.server_data / "platen.sqlite", sql)

    def agent_rows(self, sql):
        return self.rows(self.agent_data / "state.db", sql)

    def tail(self):
        return "\n".join(f"--- {path.name}\n" + path.read_text(errors="replace")[-2000:] for path in sorted(self.folder.glob("*.log")))

    def problems(self, lossless=True):
        """What must not be, both programs at rest: acknowledged and not stored, stored twice, lost without a word, damaged."""
        found = []
        for name, path in (("server", self.server_data / "platen.sqlite"), ("agent", self.agent_data / "state.db")):
            check = self.rows(path, "PRAGMA integrity_check")
            if check != [("ok",)]:
                found.append(f"the {name}'s database is damaged: {check[:3]}")
        hwm, forks = self.server_rows("SELECT hwm, forks FROM agent WHERE status = 'ACTIVE'")[0]
        acknowledged, spooled = self.agent_rows("SELECT acknowledged_seq, spooled_seq FROM progress")[0]
        if acknowledged > hwm:
            found.append(f"the agent holds {acknowledged} for acknowledged, the server has {hwm}")
        if hwm > spooled:
            found.append(f"the server has {hwm}, of which the agent's state knows {spooled}")
        if forks:
            found.append(f"{forks} forks: a number was sent with two contents")
        gaps = self.server_rows("SELECT from_seq, to_seq, reason FROM gap")
        if lossless and gaps:
            found.append(f"declared lost: {gaps}")
        sent = [seq for seq, in self.agent_rows("SELECT seq FROM journal WHERE seq > 0 ORDER BY seq")]
        doubled = [seq for seq, count in collections.Counter(sent).items() if count > 1]
        if doubled:
            found.append(f"the journal has these twice: {doubled[:10]}")
        stored = [seq for seq, in self.server_rows("SELECT seq FROM agent_envelope ORDER BY seq")]
        if lossless and stored != list(range(hwm - len(stored) + 1, hwm + 1)):
            found.append(f"the server's last numbers are not one after the other: {stored[-10:]} of {hwm}")
        last = {}
        for device, key, value in self.server_rows("SELECT device_id, key, value FROM meter_sample WHERE value IS NOT NULL ORDER BY device_id, key, at"):
            if last.get((device, key), -1) >= value:
                found.append(f"meter {key} of device {device} was stored twice or out of order: {value}")
            last[device, key] = value
        if len(self.server_rows("SELECT id FROM device")) > self.printers:
            found.append("there are more devices than printers")
        return found

#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Platen authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""./platen demo: a server, a simulated fleet (or the real network), an agent activated by a real PIN, and the console.

Everything runs on this machine, keeps its data in one folder and ends with Ctrl-C. Standard output carries the table (or its
JSON), standard error what is going on."""
import argparse
import datetime
import ipaddress
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = TOP / "build" / os.environ.get("PLATEN_PRESET", "dev")
PROGRAMS = {"platen-server": "app-server", "platen-agent": "app-agent", "platen-console": "app-console", "platen-fleetsim": "tests/fleetsim"}
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
RECORDINGS = TOP / "tests" / "fixtures" / "walks"


def program(name):
    return str(BUILD / PROGRAMS[name] / name)


def say(text):
    print(f"\033[1m▸ {text}\033[0m" if sys.stderr.isatty() else f"▸ {text}", file=sys.stderr, flush=True)


def fail(text):
    sys.exit(f"platen: {text}")


def network(text):
    try:
        found = ipaddress.IPv4Network(text, strict=False)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a network such as 192.168.1.0/24") from None
    if found.prefixlen < 16:
        raise argparse.ArgumentTypeError(f"'{text}' is too large: the agent searches 65,536 addresses (a /16) at most")
    return text


def free_port(kind, host, wanted):
    """The wanted port, or any free one when it is taken."""
    for port in (wanted, 0):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind((host, port))
                return probe.getsockname()[1]
            except OSError:
                continue
    fail(f"no port is free on {host}.")


class Api:
    """The server's HTTP API with the demo's own certificate as the only one trusted."""

    def __init__(self, address, certificate):
        self.base = f"https://{address}/api/v1/"
        self.context = ssl.create_default_context(cafile=certificate)
        self.context.check_hostname = False
        self.token = None

    def call(self, method, /, **params):
        request = urllib.request.Request(self.base + method, json.dumps(params).encode(), {"Content-Type": "application/json"})
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request, context=self.context, timeout=20) as answer:
            return json.load(answer)


class Demo:
    def __init__(self, options):
        self.options = options
        self.children = []
        self.is_ready = False
        self.is_kept = options.data is not None
        self.folder = pathlib.Path(options.data or tempfile.mkdtemp(prefix="platen-demo-"))
        os.environ["XDG_CONFIG_HOME"] = str(self.folder / "config")  # where the agent and the console keep what must not lie beside their data

    def command(self, name, *arguments, text=None):
        """Runs a program to its end; its standard output."""
        done = subprocess.run([program(name), *arguments], input=text, capture_output=True, text=True)
        if done.returncode != 0:
            fail(f"{name} {arguments[0]} failed: {done.stderr.strip()}")
        return done.stdout

    def start(self, name, *arguments):
        """Starts a program that stays, until the demo stops it or dies; its log is a file in the demo's folder."""
        log = open(self.folder / f"{name}.log", "w")
        child = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", program(name), *arguments], stdout=log, stderr=subprocess.STDOUT,
                                 stdin=subprocess.DEVNULL, process_group=0)
        self.children.append((name, child))
        return child

    def wait_for(self, what, ready, child_name, seconds, pause=0.1):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = ready()
            if value:
                return value
            for name, child in self.children:
                if child.poll() is not None and name != "platen-console":
                    log = (self.folder / f"{name}.log").read_text().strip().splitlines()
                    fail(f"{name} ended early: {log[-1] if log else 'it said nothing'}")
            time.sleep(pause)
        fail(f"{what} took longer than {seconds} s; the log is {self.folder / (child_name + '.log')}.")

    def start_server(self):
        say("Starting the server (SQLite)")
        port = free_port(socket.SOCK_STREAM, "127.0.0.1", 8443)
        self.address = f"127.0.0.1:{port}"
        self.server_data = self.folder / "server"
        ready = self.folder / "server.ready"
        ready.unlink(missing_ok=True)
        self.start("platen-server", "run", "--data", str(self.server_data), "--listen", self.address, "--ready-file", str(ready))
        self.wait_for("starting the server", ready.exists, "platen-server", 30)
        self.fingerprint = json.loads(ready.read_text())["certificateSha256"]
        self.api = Api(self.address, self.server_data / "tls.crt")
        self.log_in()

    def log_in(self):
        """As the folder's administrator, whom the first demo on it makes."""
        note = self.folder / "administrator.json"
        is_known = note.exists()
        if not is_known:
            note.touch(mode=0o600)
            note.write_text(json.dumps({"name": "demo", "password": secrets.token_urlsafe(9)}))
        self.administrator = json.loads(note.read_text())
        if is_known and self.has_token():
            return
        self.command("platen-server", "admin", "create", self.administrator["name"], "--data", str(self.server_data), "--password-stdin",
                     text=self.administrator["password"] + "\n")
        if not self.has_token():
            fail(f"the server does not know the administrator of {note}: use another folder.")

    def has_token(self):
        try:
            self.api.token = self.api.call("login", **self.administrator)["token"]
        except urllib.error.HTTPError as refused:
            if refused.code != 401:
                raise
        return self.api.token is not None

    def start_fleet(self):
        """Serves the recordings; the addresses it answers on. With --lan there is nothing to simulate."""
        if self.options.lan:
            return None
        port = free_port(socket.SOCK_DGRAM, "0.0.0.0", 1161)
        say("Starting a simulated fleet")
        hosts = self.folder / "hosts.tsv"
        hosts.unlink(missing_ok=True)
        drift = [] if self.options.once else ["--drift", "3"]
        self.start("platen-fleetsim", "serve", str(RECORDINGS), "--net", "127.0.2.0/24", "--port", str(port), "--map", str(hosts), *drift)
        self.wait_for("starting the fleet", hosts.exists, "platen-fleetsim", 15)
        addresses = [line.split("\t")[0] for line in hosts.read_text().splitlines()]
        self.settings = {"ranges": [f"{addresses[0]}-{addresses[-1]}"], "port": port, "discoveryInterval": "20s"}
        return addresses

    def start_agent(self):
        data = self.folder / "agent"
        data.mkdir(mode=0o700, exist_ok=True)
        if self.options.lan:
            self.settings = {"ranges": [self.options.lan]}
        if not self.options.once:
            self.settings["statusInterval"] = "5s"
        settings = data / "agent.json"
        settings.touch(mode=0o600)
        settings.write_text(json.dumps(self.settings, indent=2))
        if self.is_activated():
            say("Starting the agent, which is active from an earlier demo")
        else:
            say("Activating an agent with a PIN")
            pin = json.loads(self.command("platen-server", "pin", "create", "--json", "--data", str(self.server_data)))["pin"]
            self.command("platen-agent", "activate", "--data", str(data), "--server", f"https://{self.address}", "--pin", pin, "--name", "Demo site")
        self.began = datetime.datetime.now(datetime.timezone.utc)
        self.start("platen-agent", "run", "--data", str(data))

    def is_activated(self):
        return self.is_kept and any(agent["name"] == "Demo site" for agent in self.api.call("agents.list")["agents"]) and (self.folder / "agent" / "agent.key").exists()

    def devices(self):
        rows = []
        while True:
            page = self.api.call("devices.list", offset=len(rows), limit=500, sort={"column": "address", "descending": False})
            rows += page["rows"]
            if len(rows) >= page["total"] or not page["rows"]:
                return rows

    def collect(self, addresses):
        """Waits until every simulated printer has been read by this agent (on a real network: until nothing new came for a while)."""
        say("Waiting for the readings" + ("" if addresses else ", until 15 s bring no new printer"))
        read, since = -1, time.monotonic()

        def all_read():
            nonlocal read, since
            now_read = sum(datetime.datetime.fromisoformat(row["lastSeenAt"]) >= self.began for row in self.devices() if row["lastSeenAt"])
            if now_read != read:
                read, since = now_read, time.monotonic()
            return read >= len(addresses) if addresses else time.monotonic() - since > 15
        self.wait_for("reading the printers", all_read, "platen-agent", *((60, 0.1) if addresses else (600, 1)))
        return self.devices()

    def show(self, rows):
        if self.options.json:
            print(json.dumps([self.api.call("devices.get", id=row["id"])["reading"] for row in rows], indent=1, ensure_ascii=False))
        else:
            print_table(rows)
        if not rows:
            say(f"No printer answered in {self.options.lan}. Is SNMP on in them, with the community 'public'?")
        sys.stdout.flush()

    def say_how_to_log_in(self):
        say(f"Ready. Server https://{self.address} · user {self.administrator['name']} · password {self.administrator['password']}")
        say(f"Data and logs: {self.folder} · Ctrl-C ends the demo")
        self.is_ready = True

    def open_console(self):
        if self.options.headless or not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            return None
        say("Opening the console")
        token = self.folder / "console.token"
        token.touch(mode=0o600)
        token.write_text(self.api.token)
        return self.start("platen-console", "--server", self.address, "--user", self.administrator["name"], "--token-file", str(token),
                          "--fingerprint", self.fingerprint)

    def run(self):
        addresses = None
        self.start_server()
        addresses = self.start_fleet()
        self.start_agent()
        self.show(self.collect(addresses))
        if self.options.once:
            return
        self.say_how_to_log_in()
        console = self.open_console()
        while console is None or console.poll() is None:
            for name, child in self.children:
                if child.poll() is not None and child is not console:
                    fail(f"{name} ended; its log is {self.folder / (name + '.log')}.")
            time.sleep(0.5)

    def stop(self, keep_folder):
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        for _, child in reversed(self.children):
            if child.poll() is None:
                child.terminate()
        for name, child in self.children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                say(f"{name} did not end by itself")
                child.kill()
        if not keep_folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def cell(row, name):
    if name == "lowestSupply":
        supply = row.get("lowestSupply")
        level = (supply or {}).get("level") or {}
        if not supply:
            return "–"
        words = {"percent": lambda: f"{level['percent']:.0f} %", "some": lambda: "some left", "range": lambda: f"{level['low']:.0f}–{level['high']:.0f} %"}
        return f"{words.get(level.get('kind'), lambda: 'not reported')()} {supply.get('color') or supply.get('kind') or ''}".strip()
    if name == "totalMeter":
        meter = row.get("totalMeter")
        return f"{meter['value']:,}" if meter else "–"
    return str(row.get(name) or "–")


def print_table(rows):
    columns = [("State", "state"), ("Maker", "manufacturer"), ("Model", "model"), ("Serial", "serialNumber"), ("Address", "address"),
               ("Location", "location"), ("Lowest supply", "lowestSupply"), ("Total", "totalMeter")]
    table = [[cell(row, name)[:34] for _, name in columns] for row in rows]
    widths = [max([wide(title)] + [wide(line[i]) for line in table]) for i, (title, _) in enumerate(columns)]
    right = len(columns) - 1

    def line(cells):
        return "  ".join(" " * (widths[i] - wide(text)) + text if i == right else text + " " * (widths[i] - wide(text)) for i, text in enumerate(cells)).rstrip()
    print(line([title for title, _ in columns]))
    print("─" * (sum(widths) + 2 * len(widths) - 2))
    for cells in table:
        print(line(cells))
    print(f"\n{len(rows)} devices")


def wide(text):
    """Columns on a terminal: East Asian characters take two."""
    import unicodedata
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def main():
    parser = argparse.ArgumentParser(prog="./platen demo", description="A server, a simulated fleet, an agent activated by PIN, and the console.")
    parser.add_argument("--headless", action="store_true", help="no console window")
    parser.add_argument("--once", action="store_true", help="leave after the table; the simulated printers hold still")
    parser.add_argument("--json", action="store_true", help="the readings as JSON instead of a table")
    parser.add_argument("--lan", metavar="CIDR", type=network, help="read this real network instead of the simulated fleet")
    parser.add_argument("--data", metavar="DIR", help="keep the demo's data in DIR (default: a folder that goes with the demo)")
    options = parser.parse_args()
    if options.data:
        options.data = os.path.abspath(options.data)
        try:
            os.makedirs(options.data, exist_ok=True)
        except OSError as error:
            fail(f"cannot make {options.data}: {error.strerror}.")
    for number in STOPPING:
        signal.signal(number, signal.default_int_handler)
    demo = Demo(options)
    has_failed = True
    try:
        demo.run()
        has_failed = False
    except KeyboardInterrupt:
        print(file=sys.stderr)
        has_failed = False
        if not demo.is_ready:
            sys.exit(130)
    except (urllib.error.URLError, OSError) as error:
        fail(f"the demo's server did not answer: {error}. Its log is {demo.folder}/platen-server.log.")
    finally:
        demo.stop(keep_folder=demo.is_kept or has_failed)


main()

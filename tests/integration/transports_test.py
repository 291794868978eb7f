#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Platen authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""transports_test.py proxies|fronts CHECKOUT: an agent gets its readings to the server through Debian's squid (Basic, Digest, given or
by the system's settings) and microsocks (SOCKS5), or through nginx as a TLS front that passes WebSockets, that strips Upgrade, and that
buffers as well; it takes the best transport that comes through each and says why not a better one."""
import hashlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from readings import build, fleet

WALKS = pathlib.Path(sys.argv[2]) / "tests" / "fixtures" / "walks"
NET, PRINTERS = "127.0.9", 3
USER, PASSWORD = "site", "geheim wie's Wetter"
SKIPPED = 77
problems = []
running = []


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(name, *words, env=None):
    process = subprocess.Popen([str(word) for word in words], stdout=open(work / f"{name}.log", "a"), stderr=subprocess.STDOUT, env=env)
    running.append(process)
    return process


def stop(process):
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    running.remove(process)


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True)


def waits_for(claim, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = claim()
        if found:
            return found
        time.sleep(0.2)
    return claim()


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def status():
    done = run(agent_program, "status", "--json", "--data", work / "agent")
    return json.loads(done.stdout) if done.returncode == 0 else {}


def listed():
    done = run(server_program, "agent", "list", "--json", "--data", work / "server")
    return json.loads(done.stdout)["agents"][0] if done.returncode == 0 else {}


def settings(**more):
    file = work / "agent" / "agent.json"
    file.write_text(json.dumps({"ranges": [f"{NET}.1-{NET}.{PRINTERS}"], "port": fleet_port, "statusInterval": "1s", "ipp": False, "pages": False, **more}))
    file.chmod(0o600)


def case(name, transport, server, seconds=20, env=None, failed=(), **more):
    """Runs the agent that way until a round that began then is taken by the server."""
    settings(serverUrl=server, **more)
    before = status().get("acknowledgedSeq", 0)
    began = time.monotonic()
    agent = start("agent", agent_program, "run", "--data", work / "agent", env=env)

    def isThrough():
        now = status()
        return now if now.get("transport") == transport and now.get("connection") == "connected" and listed().get("transport") == WIRE[transport] else None
    seen = waits_for(isThrough, seconds) or status()
    took = time.monotonic() - began
    if seen.get("transport") != transport or seen.get("connection") != "connected":
        problems.append(f"{name}: {transport} wanted, got {json.dumps(seen, ensure_ascii=False)}; the server says {listed().get('transport')}")
    elif not waits_for(lambda: status().get("acknowledgedSeq", 0) > before or listed().get("devices") == PRINTERS, 10):
        problems.append(f"{name}: connected, but nothing arrives: {json.dumps(status())}")
    why = seen.get("notBetter") or []
    text = run(agent_program, "status", "--data", work / "agent").stdout
    for word in failed:
        if not any(line.startswith(word) for line in why) or word not in text:
            problems.append(f"{name}: no word on why not by {word}: {why} {text}")
    if len(why) != len(failed):
        problems.append(f"{name}: {len(failed)} reasons wanted: {why}")
    if failed and not waits_for(lambda: listed().get("transportNote"), 5):
        problems.append(f"{name}: the server does not know why: {listed()}")
    stop(agent)
    print(f"{name}: {seen.get('transport')} after {took:.1f} s" + "".join(f"\n    {line}" for line in why))


WIRE = {"WebSocket": "websocket", "server-sent events": "sse", "long polling": "longpoll"}


def squid(scheme):
    """A squid that lets nobody pass without a password; gives its port."""
    folder = work / f"squid-{scheme}"
    folder.mkdir()
    port = free_port()
    helper = {"basic": "basic_ncsa_auth", "digest": "digest_file_auth"}[scheme]
    if scheme == "basic":
        crypted = run("openssl", "passwd", "-1", PASSWORD).stdout.strip()
        (folder / "users").write_text(f"{USER}:{crypted}\n")
    else:
        ha1 = hashlib.md5(f"{USER}:platen:{PASSWORD}".encode()).hexdigest()
        (folder / "users").write_text(f"{USER}:platen:{ha1}\n")
    (folder / "hosts").write_text("127.0.0.1 platen.test\n")
    helper_line = f"/usr/lib/squid/{helper} {'-c ' if scheme == 'digest' else ''}{folder}/users"
    (folder / "squid.conf").write_text(f"""http_port 127.0.0.1:{port}
auth_param {scheme} program {helper_line}
auth_param {scheme} realm platen
auth_param {scheme} children 2
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
hosts_file {folder}/hosts
cache deny all
access_log stdio:{folder}/access.log
cache_log {folder}/cache.log
pid_filename {folder}/pid
coredump_dir {folder}
shutdown_lifetime 0 seconds
pinger_enable off
visible_hostname proxy.test
""")
    for path in (folder, *folder.iterdir()):  # as root it becomes the user proxy
        path.chmod(0o777 if path.is_dir() else 0o644)
    start(f"squid-{scheme}", "squid", "-N", "-n", f"platen{scheme}{os.getpid()}", "-f", folder / "squid.conf")
    if not waits_for(lambda: listens(port), 20):
        sys.exit(f"squid does not start: {(work / f'squid-{scheme}.log').read_text()}")
    return port


def went_through(scheme):
    file = work / f"squid-{scheme}" / "access.log"
    return file.exists() and "TCP_TUNNEL/200" in file.read_text()


def nginx():
    """One nginx with three fronts; gives their ports."""
    folder = work / "nginx"
    folder.mkdir()
    ports = [free_port() for _ in range(3)]
    back = f"proxy_pass http://127.0.0.1:{plain_port}; proxy_http_version 1.1; proxy_set_header Host $http_host;"
    ways = [back + " proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $upgraded;",
            back,
            back + " proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;"]
    fronts = "".join(f"""server {{ listen 127.0.0.1:{port} ssl; location / {{ {way} }} }}
""" for port, way in zip(ports, ways))
    (folder / "nginx.conf").write_text(f"""daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ }}
http {{
access_log off;
client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
ssl_certificate {work}/tls.crt; ssl_certificate_key {work}/tls.key;
map $http_upgrade $upgraded {{ default upgrade; '' close; }}
{fronts}}}
""")
    folder.chmod(0o777)
    start("nginx", "nginx", "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf")
    if not waits_for(lambda: all(listens(port) for port in ports), 10):
        sys.exit(f"nginx does not start: {(work / 'nginx.log').read_text()}")
    return ports


def proxies():
    direct = f"https://127.0.0.1:{port}"
    case("straight", "WebSocket", direct)
    basic, digest = squid("basic"), squid("digest")
    case("squid with Basic", "WebSocket", direct, proxy=f"http://{USER}@127.0.0.1:{basic}", proxyPassword=PASSWORD)
    case("squid with Digest", "WebSocket", direct, proxy=f"http://{USER}@127.0.0.1:{digest}", proxyPassword=PASSWORD)
    for scheme in ("basic", "digest"):
        if not went_through(scheme):
            problems.append(f"nothing went through squid with {scheme}")
    system = dict(os.environ, https_proxy=f"http://{USER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{basic}")
    case("squid by the system's settings", "WebSocket", f"https://platen.test:{port}", env=system)
    socks = free_port()
    start("socks", "microsocks", "-i", "127.0.0.1", "-p", socks, "-u", USER, "-P", PASSWORD)
    waits_for(lambda: listens(socks), 5)
    case("SOCKS5", "WebSocket", direct, proxy=f"socks5://{USER}@127.0.0.1:{socks}", proxyPassword=PASSWORD)

    settings(serverUrl=direct, proxy=f"http://{USER}@127.0.0.1:{basic}", proxyPassword="wrong one")
    agent = start("agent", agent_program, "run", "--data", work / "agent")
    refused = waits_for(lambda: "roxy" in (status().get("reason") or "") and status(), 15)
    if not refused or refused.get("connection") == "connected":
        problems.append(f"a wrong password is not told: {status()}")
    stop(agent)
    print(f"wrong password: {status().get('reason')}")
    check = run(agent_program, "config", "check", "--data", work / "agent")
    logs = (work / "agent.log").read_text() + check.stdout + check.stderr + (work / "agent" / "status.json").read_text()
    if PASSWORD in logs or "wrong one" in logs:
        problems.append("a proxy's password is in a log, the status or what config check says")


def fronts():
    passing, stripping, buffering = nginx()
    case("nginx that passes WebSockets", "WebSocket", f"https://127.0.0.1:{passing}")
    case("nginx that strips Upgrade", "server-sent events", f"https://127.0.0.1:{stripping}", failed=["WebSocket"])
    case("nginx that strips Upgrade and buffers", "long polling", f"https://127.0.0.1:{buffering}", seconds=40, failed=["WebSocket", "server-sent events"])


agent_program, server_program = build / "app-agent/platen-agent", build / "app-server/platen-server"
for program in {"proxies": ("squid", "microsocks", "openssl"), "fronts": ("nginx", "openssl")}[sys.argv[1]]:
    if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin"):
        print(f"skipped: {program} is not installed")
        sys.exit(SKIPPED)
os.environ["PATH"] += ":/usr/sbin"
with tempfile.TemporaryDirectory(prefix="platen-transports-") as name:
    work = pathlib.Path(name)
    work.chmod(0o755)
    os.environ.update(XDG_CONFIG_HOME=str(work / "config"), HOME=str(work))
    port, plain_port, fleet_port = free_port(), free_port(), free_port()
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=platen.test", "-days", "30",
        "-addext", "subjectAltName=DNS:platen.test,IP:127.0.0.1", "-keyout", work / "tls.key", "-out", work / "tls.crt")
    (work / "tls.key").chmod(0o600)
    try:
        start("server", server_program, "run", "--data", work / "server", "--listen", f"127.0.0.1:{port}", "--listen-plain", f"127.0.0.1:{plain_port}",
              "--tls-certificate", work / "tls.crt", "--tls-key", work / "tls.key", "--ready-file", work / "ready")
        if not waits_for((work / "ready").exists, 20):
            sys.exit(f"the server does not start: {(work / 'server.log').read_text()}")
        pin = json.loads(run(server_program, "pin", "create", "--json", "--data", work / "server").stdout)["pin"]
        joined = run(agent_program, "activate", "--data", work / "agent", "--server", f"https://127.0.0.1:{port}", "--pin", pin, "--name", "Test site")
        if joined.returncode:
            sys.exit(f"the agent cannot be activated: {joined.stderr}")
        with fleet(WALKS, NET, fleet_port, "--count", str(PRINTERS), "--drift", "1"):
            {"proxies": proxies, "fronts": fronts}[sys.argv[1]]()
    finally:
        for process in list(running):
            stop(process)
    if problems:
        print((work / "agent.log").read_text()[-3000:], (work / "server.log").read_text()[-3000:])
print("\n".join(problems) or "all came through")
sys.exit(1 if problems else 0)

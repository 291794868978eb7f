#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Platen authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""login_test.py CHECKOUT: a person logs in for the first time, by keyboard, in a window of a real X server.

Address, name and password are typed, the server's certificate is trusted, and printers are on the screen. PLATEN_PICTURES names a
folder for pictures of it."""
import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

top = pathlib.Path(sys.argv[1])
console = pathlib.Path(os.environ["PLATEN_BUILD"]) / "app-console" / "platen-console"
missing = [tool for tool in ("Xvfb", "xdotool", "import", "convert") if not shutil.which(tool)]
if missing:
    print(f"skipped: {', '.join(missing)} not installed")
    sys.exit(77)

# What only one page of the console shows, in the light theme.
BUTTON = "2F6FED"  # the button that goes on: at the login and at the certificate
TONER = ("00A0D6", "D1208F", "E0B000")  # supply bars: the device table


@contextlib.contextmanager
def running(*command, **more):
    child = subprocess.Popen(command, **more)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()


def eventually(what, ask, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := ask():
            return answer
        time.sleep(0.1)
    look("failed")
    sys.exit(f"{what} took longer than {seconds} s.")


def press(*keys):
    subprocess.run(["xdotool", "key", "--delay", "30", *keys], check=True)


def write(text):
    subprocess.run(["xdotool", "type", "--delay", "15", text], check=True)


def look(name):
    """A picture of the screen; kept where PLATEN_PICTURES says."""
    if folder := os.environ.get("PLATEN_PICTURES"):
        subprocess.run(["import", "-window", "root", f"{folder}/login-{name}.png"], check=False)


def pixels(color):
    done = subprocess.run("import -window root png:- | convert - -depth 8 rgb:-", shell=True, capture_output=True, check=True)
    return done.stdout.count(bytes.fromhex(color))


def log_in(server, name, password):
    window = eventually("the console's window", lambda: subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", "^Platen$"], capture_output=True, text=True).stdout.split())[0]
    subprocess.run(["xdotool", "windowsize", window, "1280", "800", "windowmove", window, "0", "0", "windowfocus", window], check=True)
    eventually("the login", lambda: pixels(BUTTON) > 5000)
    write(server)
    press("Tab")
    write(name)
    press("Tab")
    write(password)
    look("typed")
    before = pixels(BUTTON)
    press("Return")
    eventually("the question about the certificate", lambda: 500 < pixels(BUTTON) < before / 2)
    look("certificate")
    press("Return")  # "Back" has the focus: Enter alone trusts nothing
    eventually("the login again", lambda: pixels(BUTTON) > before / 2)
    press("Return")
    eventually("the question again", lambda: 500 < pixels(BUTTON) < before / 2)
    time.sleep(1)  # a person reads it, too; the focus comes after the picture
    press("Tab", "space")
    eventually("the devices", lambda: all(pixels(color) > 20 for color in TONER))
    look("devices")


with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
    demo = stack.enter_context(running(sys.executable, str(top / "resources/toolbox/demo.py"), "--headless", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                       text=True, env=os.environ | {"PLATEN_PRESET": pathlib.Path(os.environ["PLATEN_BUILD"]).name}))
    said = ""
    while not (ready := re.search(r"Server (\S+) · user (\S+) · password (\S+)", said)):
        line = demo.stderr.readline()
        if not line:
            sys.exit(f"the demo failed:\n{said}")
        said += line
    reading, writing = os.pipe()
    stack.enter_context(running("Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp", pass_fds=[writing], stderr=subprocess.DEVNULL))
    os.close(writing)
    os.environ["DISPLAY"] = ":" + os.read(reading, 16).decode().strip()
    stack.enter_context(running(str(console), "--theme", "light", env=os.environ | {
        "QT_QPA_PLATFORM": "xcb", "XDG_CONFIG_HOME": f"{folder}/config", "XDG_CACHE_HOME": f"{folder}/cache"}))
    log_in(*ready.groups())
print("logged in by keyboard; printers are on the screen")

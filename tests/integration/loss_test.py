#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Platen authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""loss_test.py CHECKOUT: 100 printers behind a network that loses 30 % of the requests and takes 20 ms. A search asks twice, so about
nine in a hundred stay unheard; every one that was found is read, right to the last value. What is lost is drawn from a seed."""
import pathlib
import re
import sys

from readings import collect, differences, fleet

walks = pathlib.Path(sys.argv[1]) / "tests" / "fixtures" / "walks"
NET, PORT, PRINTERS, FOUND = "127.0.7", 11651, 100, 88

with fleet(walks, NET, PORT, "--count", str(PRINTERS)):
    correct, _, _, said = collect(NET, PORT)
if len(correct) != PRINTERS:
    sys.exit(f"only {len(correct)} of {PRINTERS} printers were read without any loss: {said}")
with fleet(walks, NET, PORT, "--count", str(PRINTERS), "--loss", "0.3", "--delay", "20", "--seed", "7"):
    readings, took, _, said = collect(NET, PORT)
print(f"{len(readings)} of {PRINTERS} printers read with 30 % of the requests lost, in {took:.1f} s")
problems = [f"{address} {difference}" for address, reading in readings.items()
            for difference in differences("", correct[address] | {"takenAt": reading["takenAt"]}, reading)]
found = int(re.search(r"(\d+) answered SNMP", said)[1])
if found < FOUND:
    problems.append(f"only {found} were found: {said}")
if len(readings) < found:
    problems.append(f"{found} were found, but only {len(readings)} read: {said}")
sys.exit("\n".join(problems) or 0)

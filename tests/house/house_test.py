#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Platen authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""house_test.py CHECKOUT: the rules of the house that a compiler does not see."""
import pathlib
import re
import sys

top = pathlib.Path(sys.argv[1])
FOLDERS = ["shared", "app-agent", "app-server", "app-console", "app-localprint", "app-central", "tests"]
PRODUCT = re.compile(r"^(shared|app-[a-z]+)/")
LONGEST = 500

# What may be named only where: (pattern, the places that may, why).
RULES = [
    (r'#include\s+"\.\./', r"^$", "reach other modules as <module/File.h>"),
    (r"#include\s+<QtWidgets/", r"^$", "write <QWidget>: the other form slips past the link check"),
    (r"#include\s+<(sodium|QtCrypto|qca)", r"^shared/crypto/|^tests/unit/crypto/", "only crypto touches primitives"),
    (r"#include\s+<boost/", r"^shared/http/", "only http knows Boost"),
    (r"#include\s+<openssl/", r"^shared/http/|^tests/unit/http/|^shared/crypto/Rsa.cpp|^tests/agentsim/", "only http, the locked memory of RSA and the crowd of agents know OpenSSL"),
    (r"#include\s+<net-snmp/", r"^shared/snmp/|^tests/unit/snmp/", "only snmp knows Net-SNMP"),
    (r"#include\s+<cups/", r"^shared/ipp/", "only ipp knows libcups"),
    (r"#include\s+<libxml/", r"^shared/pages/", "only pages knows libxml2"),
    (r"#include\s+<ldns/", r"^shared/dnssd/", "only dnssd knows ldns"),
    (r"\bQEventLoop\b|\bprocessEvents\b|\bwaitFor(Finished|ReadyRead|BytesWritten|Connected|Disconnected|Encrypted)\b", r"^tests/", "the product never nests event loops"),
    (r"\bTODO\b|\bFIXME\b|\bXXX\b", r"^$", "what is half done is said in the folder's README, with its issue"),
]

problems = []
files = [path for folder in FOLDERS for path in sorted((top / folder).rglob("*")) if path.suffix in (".h", ".cpp")]
assert len(files) > 100, "these are not the sources"
for path in files:
    name = path.relative_to(top).as_posix()
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    if len(lines) > LONGEST:
        problems.append(f"{name}: {len(lines)} lines are two things, split it by meaning (at most {LONGEST})")
    if "SPDX-License-Identifier: GPL-3.0-or-later" not in "\n".join(lines[:3]):
        problems.append(f"{name}: the two SPDX lines are missing")
    if path.suffix == ".h" and "#pragma once" not in text:
        problems.append(f"{name}: #pragma once is missing")
    code = re.sub(r"//.*", "", text)
    for pattern, allowed, why in RULES:
        if not re.search(allowed, name) and re.search(pattern, text if "TODO" in pattern else code):
            problems.append(f"{name}: {re.search(pattern, text)[0]!r}: {why}")
print("\n".join(problems) or f"{len(files)} files keep the rules of the house")
sys.exit(1 if problems else 0)

// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

namespace platen::fuzz {

/// An answer to Get-Printer-Attributes, to a reading.
void ippAnswer(QByteArrayView input);
QList<QByteArray> ippSeeds();

/// The first byte names a page of ours, the rest is what the device sent for it.
void webPage(QByteArrayView input);
QList<QByteArray> pageSeeds();

/// The section "pages" of a profile.
void pageSection(QByteArrayView input);
QList<QByteArray> finderSeeds();

/// Packets of multicast DNS, each behind its length in two bytes, as one search hears them.
void dnsPackets(QByteArrayView input);
QList<QByteArray> dnssdSeeds();

} // namespace platen::fuzz

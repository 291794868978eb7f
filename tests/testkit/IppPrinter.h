// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QTemporaryDir>

namespace platen::test {

/// Debian's `ippeveprinter` on loopback, with a message bus of its own that it does not start without. Both end with this.
class IppPrinter {
public:
    ~IppPrinter();

    /// False when it is not installed or does not come up. Without `configuration` it is an HP LaserJet Test with supplies;
    /// else it has these attributes alone ("ATTR text printer-make-and-model …").
    bool start(const QByteArray& configuration = {});
    quint16 port() const { return m_port; }
    QByteArray log() const; ///< what it said of its conversations so far

private:
    QTemporaryDir m_folder;
    QProcess m_bus;
    QProcess m_printer;
    quint16 m_port = 0;
};

} // namespace platen::test

// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>

namespace platen::ingest {

/// What happened, told after it was committed. Lives on the main thread; whoever wants to know connects.
class Events : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

signals:
    void deviceChanged(qint64 deviceId); ///< a reading was stored, or the device is new
    void agentChanged(const QByteArray& agentId); ///< activated, connected, gone, deactivated, forked, under a new key
    void agentForked(const QByteArray& agentId); ///< it was copied or put back: all its copies are refused from now on
};

} // namespace platen::ingest

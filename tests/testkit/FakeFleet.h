// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QList>

namespace platen::test {

/// A made-up fleet in the forms of the console's API: always the same for the same size, plausible to a technician.
class FakeFleet {
public:
    explicit FakeFleet(int devices);

    struct Device {
        QJsonObject row;     ///< as in devices.list
        QJsonObject reading; ///< DESIGN §3
    };

    const QList<Device>& devices() const { return m_devices; }
    Device& device(int index) { return m_devices[index]; }
    int indexOf(const QString& id) const; ///< −1 when there is none
    QJsonArray agents() const;

    /// What devices.list answers: searched, filtered, sorted, paged.
    QJsonObject list(const QJsonObject& parameters) const;
    QJsonObject history(const QJsonObject& parameters) const;

private:
    void add(int index);

    QList<Device> m_devices;
};

} // namespace platen::test

// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Settings.h"

namespace platen::agent {

/// One way to be let in by a device's SNMP.
struct Login {
    QString name; ///< of "credentials" in agent.json; "community 1" of a community
    snmp::Credentials credentials;
    bool alsoV1 = false; ///< of a community: v2c first, v1 where that is not answered
    QByteArray key; ///< eight bytes that stay the same wherever it stands in the settings

    snmp::Credentials asV1() const;
};

/// The ways of a site, in the order in which they are tried: its credentials, then its communities.
class Logins {
public:
    Logins() = default;
    /// The keys are made under `salt`, so that whoever reads them learns nothing of a password.
    Logins(const Settings& settings, const Secret& salt);

    const QList<Login>& all() const { return m_logins; }
    qsizetype count() const { return m_logins.size(); }
    const Login& at(qsizetype index) const { return m_logins.at(index); }

    int indexOf(const QByteArray& key) const; ///< −1: no longer there
    int indexOfName(const QString& name) const; ///< −1: there is none

private:
    QList<Login> m_logins;
};

} // namespace platen::agent

// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Enrolment.h"

#include <channel/Keyring.h>
#include <crypto/KeyFile.h>

namespace platen::agent {

/// The agent's keys, in its key file, and its count of sessions, in a file beside it. Both lie in the data folder and go with it: so a
/// copied or restored folder has an old count, and its server notices.
class KeyRing final : public channel::Keyring {
public:
    KeyRing(Enrolment enrolment, crypto::KeyFile file, QString sessionFile);

    const channel::AgentIdentity& current() const override { return m_current; }
    QList<channel::AgentIdentity> candidates() const override;
    quint64 session() const override { return m_session; }
    quint64 countSession() override;
    Status add(quint32 epoch, const Secret& root, quint64 after) override;
    quint64 resumesAfter(quint32 epoch) const override;
    Status settle(quint32 epoch, quint64 acknowledged, quint64 last) override;
    Result<channel::OpenedEnvelope> open(QByteArrayView envelope) const override;
    bool isOnlyKey() const override { return m_enrolment.former.isEmpty() && !m_enrolment.next; }

    const Enrolment& enrolment() const { return m_enrolment; }

private:
    channel::AgentIdentity identityOf(const OtherKey& key) const;
    Status keep(Enrolment changed);

    Enrolment m_enrolment;
    crypto::KeyFile m_file;
    QString m_sessionFile;
    channel::AgentIdentity m_current;
    quint64 m_session = 0;
};

} // namespace platen::agent

// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Plan.h"
#include "Precedents.h"
#include "Reader.h"
#include "Watch.h"

#include <optional>

namespace platen::profiles {

/// The talk with one device, question by question; no I/O. Begins with what a sweep asks, or with what changes when there is a
/// memory, and asks until no wish is left.
class Interview {
public:
    /// What `precedents` has is made use of and added to; it may be null.
    Interview(const Catalogue& catalogue, QHostAddress address, const ReadOptions& options, Precedents* precedents = nullptr);

    struct Question {
        bool isGet = false; ///< of exact objects; else a GETBULK
        snmp::BulkQuestion bulk;
    };
    /// Nothing: all was asked, or the device is no printer.
    std::optional<Question> next();
    void take(const Question& question, const snmp::VarBinds& answer);

    Result<model::Reading> reading(Instant takenAt) const;
    Memory memory() const;

private:
    bool isMoreToAsk();
    bool isAsBefore() const;
    std::optional<Question> identity();
    std::optional<Question> precedented();
    void settlePrecedent();
    void startOver();
    QList<snmp::Chain> wished();
    const Profile& profile() const { return m_catalogue.profileOf(m_maker); }
    const Interest& interest() const { return m_hostName ? profile().interestWithName : profile().interest; }
    void takeGet(const QList<snmp::Oid>& asked, const snmp::VarBinds& answer);

    const Catalogue& m_catalogue;
    QHostAddress m_address;
    bool m_sources;
    bool m_hostName;
    snmp::VarBinds m_known;
    Memory m_last;
    snmp::Heard m_heard;
    QString m_maker; ///< that it seems to be of
    std::optional<Watch> m_watch; ///< until it was compared with the last reading
    bool m_isUnchanged = false;   ///< since the last reading
    bool m_isConfirmed = false; ///< everything that tells a printer was asked
    bool m_isPrinter = false;   ///< which is known from its answers to this reading
    int m_left;                 ///< questions, against devices that never come to an end

    Precedents* m_precedents;
    std::optional<size_t> m_kind; ///< once it was looked up there
    Precedents::Questions m_ahead; ///< questions of the precedent that are still to be asked
    bool m_isGuided = false; ///< there was one
    Precedents::Questions m_found; ///< questions besides
};

/// What a device holding `all` answers; lets recordings be read without a network.
snmp::VarBinds answerFrom(const snmp::Answers& all, const Interview::Question& question);

} // namespace platen::profiles

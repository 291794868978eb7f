// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Value.h"

#include <QList>
#include <QMap>
#include <QSet>

namespace platen::snmp {

/// Objects that stand one behind the other in a device, to be asked by GETNEXT or GETBULK.
struct Chain {
    Oid after;             ///< the walk starts behind this
    int length = 1;        ///< objects wished
    int valueBytes = 4;    ///< a value takes about
    QList<Oid> expected;   ///< the first of these objects, where they are known
};

/// One GETBULK (RFC 3416 §4.2.3): the first `nonRepeaters` of `oids` walk one object, the others `maxRepetitions`.
struct BulkQuestion {
    QList<Oid> oids;
    int nonRepeaters = 0;
    int maxRepetitions = 0;
};

/// As many of `chains`, in that order, as one question takes whose answer stays below 1,400 B; laid out so that question and
/// answer together are short. Empty without chains.
BulkQuestion questionFor(const QList<Chain>& chains);

/// What a device said: its values, and where it has nothing; of an answer no more than was asked for. No I/O.
class Heard {
public:
    Heard() = default;
    /// What a device has when it was asked for everything that is of interest: what is not in `answers` is not there.
    static Heard everything(Answers answers);

    void takeGet(const QList<Oid>& asked, const VarBinds& answer);
    void takeBulk(const BulkQuestion& question, const VarBinds& answer);
    /// Nothing stands between a column and this instance of it.
    void assumeFirst(const Oid& column, const Oid& instance);

    const Answers& answers() const { return m_answers; }
    bool isOld() const { return m_isEverything; } ///< began with what was heard another time
    /// It has a value or is known to be missing.
    bool knows(const Oid& object) const;
    /// Behind which object below `root` to go on; nothing when all of them are known, or `rows` of them are.
    std::optional<Oid> gapBelow(const Oid& root, int rows = 300) const;

    /// Of a device that began with what was heard another time: what was heard since and is not what is known, refreshed objects among it.
    const QList<Oid>& news() const { return m_news; }

    /// The object that GETNEXT goes from to `object`, as near as is known.
    Oid startTowards(const Oid& object) const;

    /// The value is asked again; that the object exists, and its neighbours, stay known.
    void refresh(const Oid& object);
    /// Everything below `root` is asked again.
    void reopen(const Oid& root);
    /// Objects below `root` that were refreshed and not heard of since, in order.
    QList<Oid> staleBelow(const Oid& root) const;

private:
    void take(const Oid& after, const VarBind& varBind);
    void keep(const VarBind& varBind);
    bool isInStretch(const Oid& object) const;
    bool isReopened(const Oid& root) const;

    Answers m_answers;
    QMap<Oid, Oid> m_stretches; ///< between the two there is nothing
    QSet<Oid> m_missing;        ///< asked by name
    QSet<Oid> m_deadEnds;       ///< the device goes backwards from here, or says nothing
    QMap<Oid, bool> m_stale;
    QList<Oid> m_reopened;
    bool m_isEverything = false;
    QList<Oid> m_news;
};

} // namespace platen::snmp

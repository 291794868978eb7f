// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <protocol/Messages.h>

#include <map>
#include <optional>

namespace platen::agent {

/// Folds what a row of DATA envelopes, without a loss between them, says into less that leaves the server with the same last word about every device: one part a
/// device, for what came and went between is left out; a further one only where a table's row went and came back, which no merge patch can
/// say (RFC 7386). A patch keeps the base of the first it is made of, so the server judges it as it would have judged that one.
class Folding {
public:
    void add(const protocol::Data& data);

    /// What was added, in as few messages as it fits into; whom the last one had only seen is seen. Empty again.
    QList<protocol::Data> take();

private:
    /// What is said of one device.
    struct Chain {
        QList<protocol::ReadingPart> done;
        std::optional<protocol::ReadingPart> exact; ///< of the running part, as far as it can be said in one patch
        QCborMap running; ///< with marks where a patch would not do
        QList<protocol::ReadingPart> since; ///< that `running` has and `exact` has not

        void add(const protocol::ReadingPart& part);
        void begin(const protocol::ReadingPart& part);
        void end(); ///< the next part begins anew
    };

    std::map<quint64, Chain> m_chains;
    QList<quint64> m_seen;
};

} // namespace platen::agent

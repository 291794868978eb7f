// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <model/Reading.h>
#include <snmp/Value.h>

namespace platen::profiles {

/// Writes down which object a value came from, where that is asked for.
class SourceNotes {
public:
    SourceNotes(const snmp::Answers& answers, bool wanted)
        : m_answers(answers)
        , m_wanted(wanted)
    {
    }

    bool isWanted() const { return m_wanted; }
    /// `group` and `name` make the path, as in model::Reading::sources. Nothing when the device did not answer the object.
    void note(QLatin1StringView group, QStringView name, const snmp::Oid& object);
    const QMap<QString, model::Source>& all() const { return m_sources; }

private:
    const snmp::Answers& m_answers;
    bool m_wanted;
    QMap<QString, model::Source> m_sources;
};

} // namespace platen::profiles

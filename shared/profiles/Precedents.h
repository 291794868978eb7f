// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <snmp/Heard.h>

#include <QHash>

namespace platen::profiles {

/// What the last device of a kind was asked. The next one that describes itself alike is asked the same, and only then looked at
/// for what is still missing: finding out what to ask costs more than all the rest of a reading. Keeps no value of any device.
class Precedents {
public:
    using Questions = QList<snmp::BulkQuestion>;

    /// `kind`: a hash of how devices describe themselves. Empty: none was read yet.
    Questions of(size_t kind) const { return m_questions.value(kind); }

    /// These were enough for a device of that kind. More of them than printers need are not kept: no device may make others be asked much.
    void note(size_t kind, const Questions& questions);
    /// They were not enough: the next one shows what is.
    void forget(size_t kind) { m_questions.remove(kind); }

private:
    QHash<size_t, Questions> m_questions;
};

} // namespace platen::profiles

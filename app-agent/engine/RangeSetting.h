// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QJsonValue>
#include <QStringList>

#include <optional>

namespace platen::agent {

/// One entry of "ranges" in agent.json: where to look, and what is different there.
struct RangeSetting {
    QString range; ///< as snmp::AddressRange reads it
    std::optional<int> port; ///< nothing: the site's
    QStringList credentials; ///< names; empty: all of the site, and its communities
    QStringList exclude; ///< beside the site's

    bool isPlain() const { return !port && credentials.isEmpty() && exclude.isEmpty(); }
    bool operator==(const RangeSetting&) const = default;
};

/// From "10.0.0.0/24" or {"range": …, "port": …, "credentials": […], "exclude": […]}. Fails with InvalidInput; the sentence
/// names what is wrong. Whether the credentials exist is not known here.
Result<RangeSetting> rangeSettingFrom(const QJsonValue& entry);

/// The entry as agent.json has it.
QJsonValue toJson(const RangeSetting& setting);

} // namespace platen::agent

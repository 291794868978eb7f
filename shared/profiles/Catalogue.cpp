// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Catalogue.h"

#include "ProfileParser.h"

#include <QDir>
#include <QFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

constexpr qint64 maxFileBytes = 1 << 20;

Result<Profile> profileFrom(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::StorageFailed, u"The profile %1 cannot be read: %2."_s.arg(path, file.errorString()));
    if (file.size() > maxFileBytes)
        return fail(ErrorCode::LimitExceeded, u"The profile %1 is larger than 1 MiB."_s.arg(path));
    return parseProfile(path, file.readAll());
}

bool isAnyIn(const QList<QRegularExpression>& patterns, const QString& text)
{
    return std::ranges::any_of(
        patterns, [&](const QRegularExpression& pattern) { return pattern.match(text).hasMatch(); });
}

} // namespace

QString ValueSource::text(const snmp::Value& value, int charset) const
{
    const QString text = decoding.text(value, charset);
    return format.isEmpty() || text.isEmpty() ? text : QString(format).replace("%1"_L1, text);
}

Result<std::shared_ptr<const Catalogue>> Catalogue::builtIn() { return fromFolder(u":/profiles"_s); }

Result<std::shared_ptr<const Catalogue>> Catalogue::fromFolder(const QString& path)
{
    const QDir folder(path);
    if (!folder.exists(u"generic.json"_s))
        return fail(ErrorCode::NotFound, u"There is no generic.json in %1: give a folder of profiles."_s.arg(path));
    auto catalogue = std::make_shared<Catalogue>();
    for (const QString& name : folder.entryList({u"*.json"_s}, QDir::Files, QDir::Name)) {
        Result<Profile> profile = profileFrom(folder.filePath(name));
        if (!profile)
            return fail(profile.error());
        if (profile->id == "generic"_L1)
            catalogue->m_generic = *std::move(profile);
        else
            catalogue->m_profiles += *std::move(profile);
    }
    return std::shared_ptr<const Catalogue>(std::move(catalogue));
}

const Profile& Catalogue::profileOf(const QString& maker) const
{
    const auto covers = [&](const Profile& profile) {
        return std::ranges::contains(profile.makers, maker, &Maker::name);
    };
    const auto found = std::ranges::find_if(m_profiles, covers);
    return found == m_profiles.end() ? m_generic : *found;
}

QList<ValueSource> Catalogue::sourcesOf(const Profile& profile, const QString& identityField) const
{
    if (&profile == &m_generic)
        return m_generic.identity.value(identityField);
    return profile.identity.value(identityField) + m_generic.identity.value(identityField);
}

bool Catalogue::isRejected(const Profile& profile, const QString& identityField, const QString& text) const
{
    return isAnyIn(profile.rejects.value(identityField), text) || isAnyIn(m_generic.rejects.value(identityField), text);
}

} // namespace platen::profiles

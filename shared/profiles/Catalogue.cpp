// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Catalogue.h"

#include "Plan.h"
#include "ProfileParser.h"

#include <QDir>
#include <QFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

constexpr qint64 maxFileBytes = 1 << 20;

QString builtInPath() { return u":/profiles"_s; }

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

Result<std::shared_ptr<const Catalogue>> Catalogue::builtIn() { return fromFolders({builtInPath()}); }

Result<std::shared_ptr<const Catalogue>> Catalogue::fromFolder(const QString& path) { return fromFolders({path}); }

Result<std::shared_ptr<const Catalogue>> Catalogue::withFolder(const QString& path)
{
    if (QDir(path).entryList({u"*.json"_s}, QDir::Files).isEmpty())
        return fail(
            ErrorCode::NotFound, u"There is no profile in %1: give a folder that holds *.json files."_s.arg(path));
    return fromFolders({builtInPath(), path});
}

Result<std::shared_ptr<const Catalogue>> Catalogue::fromFolders(const QStringList& paths)
{
    QMap<QString, QString> files; // of one name the last
    for (const QString& path : paths) {
        const QDir folder(path);
        for (const QString& name : folder.entryList({u"*.json"_s}, QDir::Files))
            files.insert(name, folder.filePath(name));
    }
    if (!files.contains(u"generic.json"_s))
        return fail(
            ErrorCode::NotFound, u"There is no generic.json in %1: give a folder of profiles."_s.arg(paths.first()));
    auto catalogue = std::make_shared<Catalogue>();
    QMap<QString, QString> claims;
    for (const QString& path : std::as_const(files)) {
        Result<Profile> profile = profileFrom(path);
        if (!profile)
            return fail(profile.error());
        for (const Maker& maker : std::as_const(profile->makers)) {
            if (const QString other = claims.value(maker.name); !other.isEmpty())
                return fail(ErrorCode::InvalidInput,
                    u"The profiles %1 and %2 both claim the maker %3: name it in one of them."_s.arg(
                        other, path, maker.name));
            claims.insert(maker.name, path);
        }
        if (profile->id == "generic"_L1)
            catalogue->m_generic = *std::move(profile);
        else
            catalogue->m_profiles += *std::move(profile);
    }
    catalogue->gatherMakerWords();
    for (Profile& profile : catalogue->m_profiles)
        catalogue->prepare(profile);
    catalogue->prepare(catalogue->m_generic);
    return std::shared_ptr<const Catalogue>(std::move(catalogue));
}

void Catalogue::gatherMakerWords()
{
    QStringList groups;
    for (const auto part : {&Maker::names, &Maker::products}) {
        for (const Profile& profile : std::as_const(m_profiles)) {
            for (const Maker& maker : profile.makers) {
                if ((maker.*part).pattern().isEmpty())
                    continue;
                groups += u'(' + (maker.*part).pattern() + u')';
                m_makers += maker.name;
                m_makerWords.setPatternOptions((maker.*part).patternOptions());
            }
        }
    }
    m_makerWords.setPattern(groups.join(u'|'));
    m_makerWords.optimize();
}

void Catalogue::prepare(Profile& profile)
{
    profile.sources = profile.identity;
    if (&profile != &m_generic) {
        for (auto it = m_generic.identity.cbegin(); it != m_generic.identity.cend(); ++it)
            profile.sources[it.key()] += it.value();
    }
    profile.interest = interestIn(*this, profile, false);
    profile.interestWithName = interestIn(*this, profile, true);
    for (const Maker& maker : std::as_const(profile.makers))
        m_byMaker.insert(maker.name, &profile);
}

QString Catalogue::makerNamedIn(const QString& text) const
{
    if (text.isEmpty() || m_makers.isEmpty())
        return {};
    const auto match = m_makerWords.match(text);
    return match.hasMatch() ? m_makers[match.lastCapturedIndex() - 1] : QString();
}

const Profile& Catalogue::profileOf(const QString& maker) const
{
    const Profile* const found = m_byMaker.value(maker);
    return found ? *found : m_generic;
}

bool Catalogue::isRejected(const Profile& profile, const QString& identityField, const QString& text) const
{
    return isAnyIn(profile.rejects.value(identityField), text) || isAnyIn(m_generic.rejects.value(identityField), text);
}

} // namespace platen::profiles

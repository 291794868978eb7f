// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ModelDatabase.h"
#include "Profile.h"

#include <base/Result.h>

#include <QHash>
#include <QList>
#include <QString>

#include <memory>

namespace platen::profiles {

/// All profiles, checked. Never changes after loading; share it as shared_ptr<const Catalogue>.
class Catalogue {
public:
    /// From the resources built in. Fails only when a profile we ship is broken (tests see to it).
    static Result<std::shared_ptr<const Catalogue>> builtIn();

    /// What is built in, and the *.json of a folder: a file of the same name as one built in replaces it. Fails with
    /// InvalidInput for an unknown key, a wrong type, a bad OID, pattern, decoder or name, or a maker that two files claim:
    /// the sentence names file, key and line. NotFound: no such folder, or no file in it.
    static Result<std::shared_ptr<const Catalogue>> withFolder(const QString& path);

    /// Nothing but the *.json of a folder, "generic.json" among them. Fails as withFolder() does.
    static Result<std::shared_ptr<const Catalogue>> fromFolder(const QString& path);

    const Profile& generic() const { return m_generic; }
    const QList<Profile>& profiles() const { return m_profiles; } ///< without generic
    const ModelDatabase& models() const { return m_models; }

    /// The profile that covers `maker`; generic when none does.
    const Profile& profileOf(const QString& maker) const;

    /// The maker whose name a text begins with, or else one whose product it begins with; empty: none that we know.
    QString makerNamedIn(const QString& text) const;

    bool isRejected(const Profile& profile, const QString& identityField, const QString& text) const;

private:
    static Result<std::shared_ptr<const Catalogue>> fromFolders(const QStringList& paths);

    void gatherMakerWords();
    void prepare(Profile& profile);

    Profile m_generic;
    QList<Profile> m_profiles;
    QHash<QString, const Profile*> m_byMaker;
    QRegularExpression m_makerWords; ///< all makers' names, then all products, a group each
    QStringList m_makers; ///< by group
    ModelDatabase m_models = ModelDatabase::builtIn();
};

} // namespace platen::profiles

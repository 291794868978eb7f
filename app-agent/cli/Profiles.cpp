// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Profiles.h"

namespace platen::agent {

Result<Profiles> profilesWith(const QString& folder)
{
    const auto catalogue = folder.isEmpty() ? profiles::Catalogue::builtIn() : profiles::Catalogue::withFolder(folder);
    if (!catalogue)
        return fail(catalogue.error());
    const auto pages = pages::pagesOf(**catalogue);
    if (!pages)
        return fail(pages.error());
    return Profiles{*catalogue, *pages};
}

} // namespace platen::agent

// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <pages/Page.h>
#include <profiles/Catalogue.h>

namespace platen::agent {

/// What is known of makers.
struct Profiles {
    std::shared_ptr<const profiles::Catalogue> catalogue;
    pages::PageBook pages;
};

/// What is built in and, before that, the profiles of `folder`, when one is named. Fails with NotFound or InvalidInput, in a sentence
/// that names file and key.
Result<Profiles> profilesWith(const QString& folder);

} // namespace platen::agent

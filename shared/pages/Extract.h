// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Page.h"

#include <model/Reading.h>

#include <QByteArrayView>

namespace platen::pages {

/// What a page says: a reading with only these values in it, and their sources. Texts are as the device wrote them, white
/// space tidied, at most 255 characters; counts are plain digits or grouped in threes, percentages 0–100. What is anything
/// else is left out. A supply's index is "page.N", as pages have none of their own. Pure; any bytes will do.
model::Reading extract(const Page& page, QByteArrayView document);

} // namespace platen::pages

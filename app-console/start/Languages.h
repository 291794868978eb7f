// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QCoreApplication;

namespace platen::console {

/// Loads the translations for the user's language, ours and Qt's, and gives numbers separators where the locale is "C".
void speakUsersLanguage(QCoreApplication& application);

} // namespace platen::console

// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLoggingCategory>

namespace platen::completion {

Q_DECLARE_LOGGING_CATEGORY(log)

} // namespace platen::completion

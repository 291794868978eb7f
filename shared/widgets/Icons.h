// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>

namespace platen::widgets {

/// Which colour of the palette an icon takes. The icon follows the palette when it changes.
enum class Ink { Text, Muted, Accent, OnAccent, Ok, Attention, Critical, Offline };

/// An icon of ours ("state-ready", "mark") or of the packaged theme by its name there ("edit-find"); sharp at every size
/// and device pixel ratio. An unknown name is our mistake: the icon is empty and the log says so.
QIcon icon(const QString& name, Ink ink = Ink::Text);

} // namespace platen::widgets

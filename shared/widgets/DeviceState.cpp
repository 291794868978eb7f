// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DeviceState.h"

#include "Colors.h"

#include <QCoreApplication>

#include <array>

using namespace Qt::StringLiterals;

namespace platen::widgets {

namespace {

struct Row {
    DeviceState state;
    QString keyword;
    const char* word;
    QString icon;
    Ink ink;
};

const std::array rows{
    Row{DeviceState::Ready, u"ready"_s, QT_TRANSLATE_NOOP("DeviceState", "Ready"), u"state-ready"_s, Ink::Ok},
    Row{DeviceState::Printing, u"printing"_s, QT_TRANSLATE_NOOP("DeviceState", "Printing"), u"state-printing"_s, Ink::Accent},
    Row{DeviceState::WarmingUp, u"warmup"_s, QT_TRANSLATE_NOOP("DeviceState", "Warming up"), u"state-warmup"_s, Ink::Accent},
    Row{DeviceState::Attention, u"attention"_s, QT_TRANSLATE_NOOP("DeviceState", "Attention"), u"state-attention"_s, Ink::Attention},
    Row{DeviceState::Error, u"error"_s, QT_TRANSLATE_NOOP("DeviceState", "Error"), u"state-error"_s, Ink::Critical},
    Row{DeviceState::Sleeping, u"sleeping"_s, QT_TRANSLATE_NOOP("DeviceState", "Sleeping"), u"state-sleeping"_s, Ink::Muted},
    Row{DeviceState::Offline, u"offline"_s, QT_TRANSLATE_NOOP("DeviceState", "Offline"), u"state-offline"_s, Ink::Offline},
    Row{DeviceState::Unknown, u"unknown"_s, QT_TRANSLATE_NOOP("DeviceState", "Unknown"), u"state-unknown"_s, Ink::Muted},
};

const Row& rowOf(DeviceState state) { return rows[static_cast<size_t>(state)]; }

} // namespace

DeviceState deviceStateFrom(const QString& keyword)
{
    const auto row = std::ranges::find(rows, keyword, &Row::keyword);
    return row == rows.end() ? DeviceState::Unknown : row->state;
}

QString keywordOf(DeviceState state) { return rowOf(state).keyword; }
QString wordOf(DeviceState state) { return QCoreApplication::translate("DeviceState", rowOf(state).word); }
QIcon iconOf(DeviceState state) { return icon(rowOf(state).icon, rowOf(state).ink); }

QColor colorOf(DeviceState state, const QPalette& palette)
{
    const Colors& colors = Colors::of(palette);
    switch (rowOf(state).ink) {
    case Ink::Ok: return colors.ok;
    case Ink::Accent: return colors.accent;
    case Ink::Attention: return colors.attention;
    case Ink::Critical: return colors.critical;
    case Ink::Offline: return colors.offline;
    default: return colors.muted;
    }
}

} // namespace platen::widgets

// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ReadingTable.h"

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

using Row = QStringList;

/// Columns on a terminal; East Asian characters take two.
qsizetype width(const QString& text)
{
    qsizetype columns = 0;
    for (const QChar character : text) {
        const char16_t code = character.unicode();
        const bool isWide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF)
            || (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF)
            || (code >= 0xFF00 && code <= 0xFF60);
        columns += isWide ? 2 : 1;
    }
    return columns;
}

QString shortened(const QString& text, qsizetype columns)
{
    if (width(text) <= columns)
        return text;
    QString cut = text;
    while (width(cut) >= columns)
        cut.chop(1);
    return cut + u'…';
}

QString stateText(const model::DeviceStatus& status)
{
    if (status.errors && !status.errors->isEmpty())
        return status.state.isEmpty() ? status.errors->join(u", "_s)
                                      : status.state + u": "_s + status.errors->join(u", "_s);
    return status.state.isEmpty() ? u"–"_s : status.state;
}

/// The total, in the unit the device counts in.
QString totalText(const QList<model::Meter>& meters)
{
    const auto total = std::ranges::find_if(meters, [](const model::Meter& meter) { return meter.name == "total"_L1; });
    return total == meters.end() ? u"–"_s : QString::number(total->value);
}

QString supplyText(const model::Supply& supply)
{
    const QString level = levelText(supply.level);
    const QString name =
        !supply.color.isEmpty() && supply.kind.startsWith("toner"_L1) ? supply.color : shortened(supply.name, 24);
    return level.isEmpty() ? QString() : u"%1 %2"_s.arg(name, level);
}

QString suppliesText(const QList<model::Supply>& supplies)
{
    QStringList texts;
    for (const model::Supply& supply : supplies)
        if (const QString text = supplyText(supply); !text.isEmpty())
            texts.append(text);
    return texts.isEmpty() ? u"–"_s : texts.join(u", "_s);
}

Row rowOf(const model::Reading& reading)
{
    const auto orDash = [](const QString& text) { return text.isEmpty() ? u"–"_s : text; };
    const QString model = (reading.identity.manufacturer + u' ' + reading.identity.model).trimmed();
    return {reading.address, shortened(orDash(model), 36), shortened(orDash(reading.identity.serialNumber), 20),
        shortened(stateText(reading.status), 28), totalText(reading.meters),
        shortened(suppliesText(reading.supplies), 70)};
}

} // namespace

QString levelText(const model::SupplyLevel& level)
{
    const auto percent = [](double number) { return QString::number(std::lround(number)); };
    switch (level.kind) {
    case model::SupplyLevel::Kind::None:
        return {};
    case model::SupplyLevel::Kind::Unknown:
        return u"unknown"_s;
    case model::SupplyLevel::Kind::Some:
        return u"some"_s;
    case model::SupplyLevel::Kind::Range:
        return u"%1–%2 %"_s.arg(percent(level.low), percent(level.high));
    case model::SupplyLevel::Kind::Percent:
        return percent(level.percent) + u" %"_s;
    }
    return {};
}

QString tableOf(const QList<model::Reading>& readings)
{
    QList<Row> rows{{u"ADDRESS"_s, u"MODEL"_s, u"SERIAL"_s, u"STATE"_s, u"TOTAL"_s, u"SUPPLIES"_s}};
    for (const model::Reading& reading : readings)
        rows.append(rowOf(reading));
    std::array<qsizetype, 6> widths{};
    for (const Row& row : std::as_const(rows))
        for (size_t column = 0; column < widths.size(); ++column)
            widths[column] = std::max(widths[column], width(row[qsizetype(column)]));

    QString text;
    for (const Row& row : std::as_const(rows)) {
        QString line;
        for (size_t column = 0; column < widths.size(); ++column) {
            const QString& cell = row[qsizetype(column)];
            const QString space(widths[column] - width(cell), u' ');
            line += column == 4 ? space + cell + u"  "_s : cell + space + u"  "_s; // numbers to the right
        }
        text += line.trimmed() + u'\n';
    }
    return text;
}

QString sourcesOf(const QList<model::Reading>& readings)
{
    QString text;
    for (const model::Reading& reading : readings)
        for (const auto& [path, source] : reading.sources.asKeyValueRange())
            text += u"%1  %2  %3 %4 = %5\n"_s.arg(reading.address, path, source.protocol, source.object, source.raw);
    return text;
}

} // namespace platen::agent
